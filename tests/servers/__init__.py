# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers and certificates for the tests, the demo and the bench."""
