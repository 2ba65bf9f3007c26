"""What Discover adds to the window's style sheet: small fields that stand in a row like words."""

from desktop_app.ui.theme import Theme

_SHEET = """
QComboBox#quiet, QPushButton#pill {{
    background: transparent; border: 1px solid {line}; border-radius: {r13}px; color: {text};
    padding: {p4}px {p10}px; font-size: {f13}px; font-weight: 400; min-height: {h18}px;
}}
QComboBox#quiet {{ padding-right: 0; }}
QComboBox#quiet::drop-down {{ width: {p20}px; }}
QComboBox#quiet:hover, QPushButton#pill:hover {{ border-color: {hint}; background: transparent; }}
QComboBox#quiet[narrows="true"], QPushButton#pill:checked {{ background: {accent_tint}; border-color: {accent_tint}; }}
QComboBox#quiet:focus, QPushButton#pill:focus {{ border-color: {accent}; }}
QPushButton#outlined:disabled {{ color: {hint}; }}
QWidget#foot {{ border-top: 1px solid {line}; }}
QLabel#fact {{ font-size: {f13}px; }}
"""


def discover_sheet(theme: Theme) -> str:
    """Return the style sheet of Discover."""
    colours = {name: value for name, value in vars(theme.palette).items() if isinstance(value, str)}
    lengths = {
        f"{prefix}{length}": theme.px(length)
        for prefix, length in (("r", 13), ("p", 4), ("p", 10), ("p", 20), ("f", 13), ("h", 18))
    }
    return _SHEET.format(**colours, **lengths)
