"""The hosts of AI assistants, which the kept list of referrers does not know."""

ASSISTANTS = frozenset(
    {
        "chatgpt.com",
        "chat.openai.com",
        "claude.ai",
        "gemini.google.com",
        "copilot.microsoft.com",
        "perplexity.ai",
        "www.perplexity.ai",
        "chat.mistral.ai",
        "chat.deepseek.com",
        "grok.com",
        "meta.ai",
        "www.meta.ai",
    }
)
"""The assistants' own web applications, as their makers name them in their documentation; looked through in November
2026."""
