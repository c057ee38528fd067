"""Entries move each account once for all that a statement brings it: ten thousand postings of one transaction took minutes."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("trace", "0023_facts_in_columns"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="ledgerentry",
            name="posted",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ledgerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="posted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE trace_ledgeraccount a\nSET balance = a.balance + (SELECT sum(e.amount) FROM fresh e WHERE e.account_id = a.id)\nWHERE a.id = ANY (ARRAY(SELECT e.account_id FROM fresh e)) AND a.kind NOT IN ('goods_outside', 'press', 'raw_outside', 'right_outside');\nIF EXISTS (\n    SELECT FROM fresh e\n    WHERE (SELECT a.quota_id FROM trace_ledgeraccount a WHERE a.id = e.account_id) IS DISTINCT FROM\n          (SELECT t.quota_id FROM trace_ledgertransaction t WHERE t.id = e.transaction_id)\n) THEN\n    RAISE EXCEPTION 'a posting stays within one season';\nEND IF;\nRETURN NULL;\n",
                    hash="39582f475124a5856b8f6f7faf21c347d5e4d296",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_posted_3fd06",
                    referencing="REFERENCING NEW TABLE AS fresh ",
                    table="trace_ledgerentry",
                    when="AFTER",
                ),
            ),
        ),
    ]
