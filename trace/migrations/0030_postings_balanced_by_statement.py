"""The entries of a posting are summed once, at the end of the statement that brings them: asked at each entry it took longer than all else."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("trace", "0029_annual_reports"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="ledgerentry",
            name="balanced",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="ledgerentry",
            name="posted",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ledgerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="posted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE trace_ledgeraccount a\nSET balance = a.balance + (SELECT sum(e.amount) FROM fresh e WHERE e.account_id = a.id)\nWHERE a.id = ANY (ARRAY(SELECT e.account_id FROM fresh e)) AND a.kind NOT IN ('goods_outside', 'press', 'raw_outside', 'right_outside');\nIF EXISTS (\n    SELECT FROM fresh e\n    WHERE (SELECT a.quota_id FROM trace_ledgeraccount a WHERE a.id = e.account_id) IS DISTINCT FROM\n          (SELECT t.quota_id FROM trace_ledgertransaction t WHERE t.id = e.transaction_id)\n) THEN\n    RAISE EXCEPTION 'a posting stays within one season';\nEND IF;\nIF EXISTS (\n    SELECT FROM trace_ledgerentry e JOIN trace_ledgeraccount a ON a.id = e.account_id\n    WHERE e.transaction_id = ANY (ARRAY(SELECT DISTINCT f.transaction_id FROM fresh f))\n    GROUP BY e.transaction_id, CASE WHEN a.kind IN ('entitlement', 'pool', 'raw', 'raw_outside') THEN 'raw' WHEN a.kind IN ('goods_outside', 'packed', 'processed') THEN 'goods' WHEN a.kind IN ('label_right', 'right_outside') THEN 'right' WHEN a.kind IN ('active', 'destroyed', 'lost', 'press', 'returned', 'spoiled', 'unused') THEN 'labels' END HAVING sum(e.amount) <> 0\n) THEN\n    RAISE EXCEPTION 'the entries of a posting sum to zero in each book';\nEND IF;\nRETURN NULL;\n",
                    hash="070fda31b48c507323e072f66b92bff3e9bac4a6",
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
