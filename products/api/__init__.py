"""The register over HTTP: thin views that fetch through scope, ask a policy, read, call one action, show."""
