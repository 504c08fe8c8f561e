"""What is put on an AWS account: stacks compose and grant, constructs build, packaging packs the code."""
