"""The sign-in and sign-out pages: plain HTML without a script, as nothing is served before."""

from __future__ import annotations

from html import escape
from typing import Final

from texts import DEFAULT_LANGUAGE, LANGUAGES, Language, say

_STYLE: Final = """
body{font-family:"Noto Sans CJK JP","Noto Sans JP","Yu Gothic UI","Hiragino Sans",Meiryo,sans-serif;
color:#1b2733;background:#eef3f8;display:grid;place-items:center;min-height:100vh;margin:0}
main{background:#fff;border:1px solid #c9d6e3;border-radius:12px;padding:2.2rem 2.6rem;width:22rem}
h1{font-size:1.5rem;margin:0 0 .3rem}p{margin:.2rem 0 1.2rem;line-height:1.6;color:#44546a}
label{display:block;font-weight:600;margin:.9rem 0 .3rem}
input{box-sizing:border-box;width:100%;font-size:1.05rem;padding:.55rem .7rem;
border:1px solid #8598ad;border-radius:6px}
button{margin-top:1.5rem;width:100%;font-size:1.05rem;padding:.65rem;border:0;border-radius:6px;
background:#0b5cad;color:#fff;font-weight:600;cursor:pointer}
input:focus,button:focus,a:focus{outline:3px solid #f0a500;outline-offset:2px}
[role=alert]{background:#fdecea;color:#8c1d18;border-radius:6px;padding:.7rem .9rem}
nav{margin-top:1.2rem;font-size:.9rem;text-align:right}a{color:#0b5cad}
"""
_NAMES: Final = {"ja": "日本語", "en": "English"}


def choose_language(asked: str | None, accepted: str) -> Language:
    """Return the language asked for, else the first of the browser's that we have."""
    wanted = [asked or "", *(part.split(";")[0].strip()[:2] for part in accepted.split(","))]
    for code in wanted:
        for language in LANGUAGES:
            if code == language:
                return language
    return DEFAULT_LANGUAGE


def write_sign_in_page(language: Language, problem: str | None = None, **values: object) -> str:
    """Return the page that asks for name and password, with the sentence `problem` if any."""
    alert = f'<p role="alert">{escape(say(problem, language, **values))}</p>' if problem else ""
    return _write(
        language,
        say("access.sign_in", language),
        f"<p>{escape(say('access.sign_in_help', language))}</p>{alert}"
        '<form method="post" action="/sign-in?lang=' + language + '">'
        f'<label for="name">{escape(say("access.name", language))}</label>'
        '<input id="name" name="name" autocomplete="username" required autofocus>'
        f'<label for="password">{escape(say("access.password", language))}</label>'
        '<input id="password" name="password" type="password" '
        'autocomplete="current-password" required>'
        f"<button>{escape(say('access.sign_in', language))}</button></form>",
        "/sign-in",
    )


def write_sign_out_page(language: Language) -> str:
    """Return the page that asks whether to sign out."""
    return _write(
        language,
        say("access.sign_out", language),
        f"<p>{escape(say('access.sign_out_help', language))}</p>"
        '<form method="post" action="/sign-out">'
        f"<button>{escape(say('access.sign_out', language))}</button></form>"
        f'<nav><a href="/">{escape(say("access.back", language))}</a></nav>',
        "/sign-out",
    )


def _write(language: Language, title: str, body: str, path: str) -> str:
    others = "".join(
        f'<nav><a href="{path}?lang={code}" lang="{code}">{_NAMES[code]}</a></nav>'
        for code in LANGUAGES
        if code != language
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>つなぎ · {escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>つなぎ</h1>{body}{others}</main></body></html>"
    )
