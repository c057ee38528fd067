"""Labels with a QR symbol: how they are laid out, and drawn as PDF, PNG, SVG and ZPL. Knows neither Django nor the database."""
