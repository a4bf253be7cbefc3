"""The door and one's own account (登录与我的账号)."""
