"""The style sheet of Qt's own widgets, made from the theme."""

from pathlib import Path

from desktop_app.ui.theme import Theme

_SHEET = """
QWidget {{ color: {text}; font-family: "Inter"; font-size: {f14}px; }}
QMainWindow, QWidget#page, QWidget#centre, QDialog {{ background: {ground}; }}
QWidget#side {{ background: {side}; }}
QWidget#inspector {{ background: {ground}; }}
QWidget#header {{ background: {ground}; border-bottom: 1px solid {line}; }}
QScrollArea, QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; border: none; }}
QToolTip {{ background: {text}; color: {ground}; border: none; padding: {p6}px {p8}px; }}

QLabel#title {{ font-size: {f15}px; font-weight: 600; }}
QLabel#pageTitle {{ font-size: {f20}px; font-weight: 600; }}
QLabel#section {{ font-size: {f13}px; font-weight: 600; }}
QLabel#heading {{ color: {hint}; font-size: {f11}px; font-weight: 600; }}
QLabel#hint {{ color: {hint}; font-size: {f12}px; }}
QLabel#secondary {{ color: {secondary}; font-size: {f13}px; }}
QLabel#bad {{ color: {bad}; font-size: {f13}px; }}
QLabel#key {{ color: {hint}; font-size: {f11}px; font-weight: 400; }}
QLabel#figure {{ color: {secondary}; font-size: {f12}px; font-weight: 500; }}

QPushButton, QToolButton {{
    background: transparent; border: 1px solid transparent; border-radius: {r8}px;
    padding: {p6}px {p12}px; font-size: {f13}px; color: {secondary};
}}
QPushButton:hover, QToolButton:hover {{ background: {hover}; color: {text}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {hint}; }}
QPushButton::menu-indicator, QToolButton::menu-indicator {{ image: none; width: 0; }}
QPushButton#link {{ padding: {p4}px 2px {p4}px 0; color: {secondary}; border: none; text-align: left; }}
QPushButton#link:hover {{ background: transparent; color: {accent}; }}
QPushButton#link:focus {{ color: {accent}; text-decoration: underline; }}
QPushButton#link:disabled {{ color: {hint}; }}
QPushButton#primary {{ background: {accent}; color: {on_accent}; font-weight: 600; padding: {p8}px {p16}px; }}
QPushButton#primary:hover {{ background: {accent}; color: {on_accent}; border-color: {text}; }}
QPushButton#primary:focus {{ border-color: {text}; }}
QPushButton#primary:disabled {{ background: {field}; color: {hint}; }}
QPushButton#outlined {{ background: {card}; border-color: {line}; color: {text}; }}
QPushButton#outlined:hover {{ border-color: {hint}; }}
QPushButton#outlined:focus {{ border-color: {accent}; }}
QPushButton#sideButton {{ text-align: left; padding: {p6}px {p8}px; color: {secondary}; }}
QPushButton#sideButton:hover {{ background: {hover}; }}
QPushButton#sideButton:checked {{ background: {accent_tint}; color: {text}; }}
QPushButton#segment {{ padding: {p6}px {p14}px; font-weight: 500; }}
QPushButton#segment:checked {{ background: {accent_tint}; color: {text}; }}
QPushButton#newConversation {{
    background: {card}; border: 1px solid {line}; color: {text}; text-align: left;
    padding: {p8}px {p12}px; font-weight: 500; font-size: {f14}px; min-height: {h22}px;
}}
QPushButton#newConversation:hover {{ border-color: {hint}; }}
QPushButton#newConversation:focus {{ border-color: {accent}; }}
QPushButton#chip {{ text-align: left;
    background: {card}; border: 1px solid {line}; border-radius: {r15}px; color: {text};
    padding: {p6}px {p14}px; font-weight: 500; min-height: {h18}px;
}}
QPushButton#chip:hover {{ border-color: {hint}; }}
QPushButton#chip:focus {{ border-color: {accent}; }}
QPushButton#example {{
    background: {card}; border: 1px solid {line}; border-radius: {r12}px; color: {text};
    text-align: left; padding: {p12}px {p16}px; font-size: {f14}px;
}}
QPushButton#example:hover {{ border-color: {accent}; }}
QPushButton#example:focus {{ border-color: {accent}; }}

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {{
    background: {card}; border: 1px solid {line}; border-radius: {r8}px; padding: {p6}px {p10}px;
    selection-background-color: {accent}; selection-color: {on_accent}; font-size: {f13}px;
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {{
    border-color: {accent};
}}
QLineEdit, QPlainTextEdit {{ placeholder-text-color: {hint}; }}
QLineEdit#search {{ background: {field}; border: 1px solid transparent; padding: {p8}px {p12}px; font-size: {f14}px;
    min-height: {h22}px; }}
QLineEdit#search:focus {{ border-color: {accent}; background: {card}; }}
QSpinBox QLineEdit, QDoubleSpinBox QLineEdit {{ border: none; background: transparent; padding: 0 {p8}px; }}
QSpinBox, QDoubleSpinBox {{ padding: {p6}px 0; }}
QSpinBox#number, QDoubleSpinBox#number {{ padding: 1px 0; font-size: {f13}px; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
    width: 0; border: none;
}}
QComboBox::drop-down {{ border: none; width: {p24}px; }}
QComboBox::down-arrow {{ image: url("{icons}/chevron-{scheme}.svg"); width: {h16}px; height: {h16}px; }}
QComboBox QAbstractItemView, QMenu {{
    background: {card}; color: {text}; border: 1px solid {line};
    selection-background-color: {accent_tint}; selection-color: {text}; padding: {p4}px; outline: none;
}}
QMenu::item {{ padding: {p6}px {p24}px {p6}px {p12}px; border-radius: {r6}px; font-size: {f13}px; }}
QMenu::item:selected {{ background: {accent_tint}; }}
QMenu::item:disabled {{ color: {hint}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: {p4}px {p8}px; }}

QFrame#composer {{ background: {card}; border: 1px solid {line}; border-radius: {r14}px; }}
QFrame#composer[focused="true"] {{ border-color: {hint}; }}
QPlainTextEdit#input {{ background: transparent; border: none; padding: 0; font-size: {f15}px; }}
QAbstractScrollArea#transcript QPlainTextEdit {{ background: transparent; border: none; border-radius: 0; padding: 0;
    font-size: {f15}px; }}
QFrame#card {{ background: {card}; border: 1px solid {line}; border-radius: {r12}px; }}
QFrame#card:focus {{ border-color: {accent}; }}
QFrame#notice {{ background: {text}; border-radius: {r10}px; }}
QFrame#notice QLabel {{ color: {ground}; font-size: {f13}px; }}
QFrame#notice QPushButton {{ color: {ground}; font-weight: 600; border-color: transparent; }}
QFrame#notice QPushButton:hover {{ background: {secondary}; color: {ground}; }}
QFrame#notice QPushButton:focus {{ border-color: {ground}; }}
QFrame#rule {{ background: {line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame#banner {{ background: {accent_tint}; border-bottom: 1px solid {line}; }}
QFrame#banner QLabel {{ color: {text}; font-size: {f13}px; }}

QSlider {{ min-height: {h18}px; }}
QSlider::groove:horizontal {{ height: {p4}px; background: {line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ height: {p4}px; background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    width: {h14}px; height: {h14}px; margin: -{m6}px 0; border-radius: {handle}px;
    background: {card}; border: 1px solid {accent};
}}
QSlider::handle:horizontal:focus {{ background: {accent}; }}

QScrollBar:vertical {{ background: transparent; width: {p12}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {p12}px; margin: 0; }}
QScrollBar::handle {{ background: {line}; border-radius: {r4}px; margin: {m2}px {m2}px; }}
QScrollBar::handle:vertical {{ min-height: {h32}px; }}
QScrollBar::handle:horizontal {{ min-width: {h32}px; }}
QScrollBar::handle:hover {{ background: {hint}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
    background: none; border: none; width: 0; height: 0;
}}

TranscriptView, QAbstractScrollArea#transcript {{ background: {ground}; border: none; }}
QListView {{ background: transparent; border: none; outline: none; }}
QTableView {{ background: transparent; border: none; outline: none; selection-background-color: {accent_tint};
    selection-color: {text}; }}
QTableView::item:focus {{ border: none; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: {ground}; color: {hint}; border: none; border-bottom: 1px solid {line};
    padding: {p6}px {p8}px; font-size: {f12}px; font-weight: 500; }}
QHeaderView::section:hover {{ color: {text}; }}
QSplitter::handle {{ background: {line}; }}
QProgressBar {{ background: {line}; border: none; border-radius: 2px; max-height: {p4}px; min-height: {p4}px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QCheckBox {{ font-size: {f13}px; spacing: {p8}px; }}
QCheckBox::indicator {{ width: {h16}px; height: {h16}px; border: 1px solid {hint}; border-radius: {r4}px;
    background: {card}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent};
    image: url("{icons}/check-{scheme}.svg"); }}
QCheckBox::indicator:focus {{ border-color: {accent}; }}
"""

_LENGTHS = {
    "f": (11, 12, 13, 14, 15, 16, 20),
    "p": (4, 6, 8, 10, 12, 14, 16, 20, 24),
    "h": (14, 16, 18, 22, 32),
    "m": (2, 6),
    "r": (4, 6, 8, 10, 12, 14, 15),
}


def style_sheet(theme: Theme, icons: Path) -> str:
    """Return the style sheet of a theme, its lengths scaled by the zoom.

    Args:
        theme: colours and zoom.
        icons: the folder of the icons that a style sheet needs.
    """
    scheme = "dark" if theme.palette.dark else "light"
    colours = {name: value for name, value in vars(theme.palette).items() if isinstance(value, str)}
    lengths = {f"{prefix}{length}": theme.px(length) for prefix, all_ in _LENGTHS.items() for length in all_}
    # Half of the handle with its border: a larger radius is drawn as none.
    lengths["handle"] = theme.px(14) // 2 + 1
    return _SHEET.format(**colours, **lengths, icons=icons.as_posix(), scheme=scheme)
