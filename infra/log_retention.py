"""How long logs are kept: CloudWatch takes certain numbers of days only."""

from aws_cdk import aws_logs as logs


def log_retention(days: int) -> logs.RetentionDays:
    """CloudWatch's setting for a number of days.

    Raises:
        ValueError: it is not one of those that are offered here.
    """
    known = {
        7: logs.RetentionDays.ONE_WEEK,
        30: logs.RetentionDays.ONE_MONTH,
        90: logs.RetentionDays.THREE_MONTHS,
        180: logs.RetentionDays.SIX_MONTHS,
        365: logs.RetentionDays.ONE_YEAR,
    }
    if days not in known:
        raise ValueError(f"cdk.json: log_days is {days}, and must be one of {', '.join(map(str, known))}.")
    return known[days]
