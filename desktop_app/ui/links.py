"""Addresses: shown before they are opened, and opened only in the browser."""

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget


def open_link(parent: QWidget, address: str) -> None:
    """Show an address and, if the person agrees, open it in the browser."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(QCoreApplication.translate("MainWindow", "Open a link"))
    box.setText(QCoreApplication.translate("MainWindow", "Open this address in your browser?"))
    box.setInformativeText(address)
    open_button = box.addButton(QCoreApplication.translate("MainWindow", "Open"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QCoreApplication.translate("MainWindow", "Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    if box.clickedButton() is open_button:
        QDesktopServices.openUrl(QUrl(address))
