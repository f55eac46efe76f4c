"""Every page of the two faces, by the name of its picture."""

CONSOLE = {
    "overview": "/",
    "members": "/members",
    "program": "/program",
    "ledger-transfers": "/ledger",
    "imports": "/imports",
    "settings": "/settings",
}

MEMBER = {
    "home": "/",
    "history": "/history",
    "rules": "/rules",
    "me": "/me",
    "profile": "/me/profile",
    "consents": "/me/consents",
    "data": "/me/data",
    "devices": "/me/devices",
}
