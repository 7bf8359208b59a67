"""What the lessons ask about models, one question a module, each answered in numbers."""
