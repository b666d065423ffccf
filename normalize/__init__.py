"""How things are spelled: projects, versions, specifiers, requirements, targets, attributes, import names."""
