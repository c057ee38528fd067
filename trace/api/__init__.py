"""The API of goods. Views fetch through scope, ask policy, read input, call one action or query, and show."""
