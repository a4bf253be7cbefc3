const LONGEST = 2048;

async function smaller(file: File): Promise<File> {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = LONGEST / Math.max(picture.width, picture.height);
    if (scale >= 1) return file;
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.86 });
    return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // a format only the server can read: it decides
  }
}

function preview(file: File, words: DOMStringMap, drop: () => void): HTMLElement {
  const figure = document.createElement("figure");
  const picture = document.createElement("img");
  picture.src = URL.createObjectURL(file);
  picture.alt = words["alt"] ?? "";
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn sm icon drop";
  button.setAttribute("aria-label", words["remove"] ?? "");
  button.textContent = "×";
  button.addEventListener("click", drop);
  figure.append(picture, button);
  return figure;
}

function start(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>('input[type="file"]');
  const add = input?.closest<HTMLElement>(".add");
  if (!input || !add) return;
  const most = Number(box.dataset["max"] ?? 3);
  let kept: File[] = [];
  const show = (): void => {
    box.querySelectorAll("figure").forEach((figure) => figure.remove());
    const basket = new DataTransfer();
    for (const file of kept) {
      basket.items.add(file);
      add.before(preview(file, box.dataset, () => { kept = kept.filter((other) => other !== file); show(); }));
    }
    input.files = basket.files;
    add.hidden = kept.length >= most;
  };
  input.addEventListener("change", () => {
    void Promise.all([...(input.files ?? [])].map(smaller)).then((fresh) => {
      kept = [...kept, ...fresh].slice(0, most);
      show();
    });
  });
}

/** Show chosen photos before they are sent, smaller where they are larger than needed; without it the input works alone. */
export function startPhotos(): void {
  document.querySelectorAll<HTMLElement>("[data-photos]").forEach(start);
}
