"""What Footfall's figures are measured against: code that a competent user would write with well-known libraries."""
