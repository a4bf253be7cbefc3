const HERE = new Set(["theme", "mode", "letters"]);

async function keep(form: HTMLFormElement, name: string, value: string): Promise<void> {
  const body = new FormData(form);
  body.set(name, value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`preferences ${answer.status}`);
}

function mark(form: HTMLFormElement, name: string, value: string): void {
  document.documentElement.dataset[name] = value;
  for (const button of form.querySelectorAll<HTMLButtonElement>(`button[name="${name}"]`)) {
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(button.value === value));
  }
}

/** Change theme, letter size and key letters in place, so that what is being typed stays; other choices reload the page. */
export function startPreferences(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-preferences]")) return;
    if (!(button instanceof HTMLButtonElement) || !HERE.has(button.name)) return;
    event.preventDefault();
    const { name, value } = button;
    mark(form, name, value);
    void keep(form, name, value).catch(() => form.submit());
  });
}
