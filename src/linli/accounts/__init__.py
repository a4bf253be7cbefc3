"""Users, posts, roles bound to area, unit and purpose (岗位与授权)."""
