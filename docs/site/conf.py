# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx settings of the documentation site. `make docs` copies this file to the generated pages."""

project = "hostops.installatron"
copyright = "2026, hostops.installatron contributors"  # pylint: disable=redefined-builtin
title = html_short_title = "hostops.installatron"

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]

default_role = "any"
highlight_language = "yaml"
nitpicky = True
pygments_style = "ansible"

html_theme = "sphinx_ansible_theme"
# By default, the theme shows the banners and links of docs.ansible.com.
html_theme_options = {"vcs_pageview_mode": "blob", "documentation_home_url": "index.html"}
html_context = {"display_github": False}
html_copy_source = False
html_show_sphinx = False
html_use_index = False
smartquotes = False

# references.txt lists the referenced entries of Ansible's documentation, so that the build does not need the network.
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/projects/ansible/latest/", "../objects.inv")}
intersphinx_disabled_reftypes = []
