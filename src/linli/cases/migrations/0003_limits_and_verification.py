import datetime

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_row_security_and_append_only")]
    operations = [
        migrations.RemoveConstraint(
            model_name='case',
            name='cases_case_state',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='cases_case_limit_iff_filed',
        ),
        migrations.RemoveConstraint(
            model_name='condition',
            name='cases_condition_limit_unit',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_case_component',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_case_open_place',
        ),
        migrations.AddField(
            model_name='case',
            name='asked',
            field=models.CharField(blank=True, default='', max_length=10),
        ),
        migrations.AddField(
            model_name='case',
            name='asked_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='extensions',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='finding',
            field=models.CharField(blank=True, default='', max_length=10),
        ),
        migrations.AddField(
            model_name='case',
            name='first_closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='limit_times',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='case',
            name='near_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='reopenings',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='resumed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='returns',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='reworks',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='suspended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='suspended_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='verified_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='verified_by',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.RunSQL(
            """
            UPDATE cases_case SET started_at = filed_at, near_at = filed_at + (due_at - filed_at) * 0.8
              WHERE filed_at IS NOT NULL;
            UPDATE cases_case SET first_closed_at = closed_at WHERE closed_at IS NOT NULL;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['accepted', 'checked', 'dispatched', 'filed', 'handled', 'reported', 'verifying'])), fields=['component'], name='cases_case_component'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['accepted', 'checked', 'dispatched', 'filed', 'handled', 'reported', 'verifying'])), fields=['lat', 'lon'], name='cases_case_open_place'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['reported', 'accepted', 'verifying', 'filed', 'dispatched', 'handled', 'checked', 'closed', 'void'])), name='cases_case_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('condition', None), ('due_at', None), ('filed_at', None), ('limit_amount', None), ('limit_unit', ''), ('started_at', None)), models.Q(('condition__isnull', False), ('filed_at__isnull', False), ('limit_amount__gt', 0), ('limit_unit__in', ['emergency_hour', 'emergency_day', 'working_hour', 'working_day', 'natural_day']), ('started_at__gte', models.F('filed_at'))), _connector='OR'), name='cases_case_limit_iff_filed'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at', None), ('near_at', None)), models.Q(('due_at__gte', models.F('near_at')), ('due_at__isnull', False), ('near_at__gte', models.F('started_at')), ('near_at__isnull', False)), _connector='OR'), name='cases_case_near_iff_due'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('extensions__lte', 2), ('limit_times__gte', 1), ('limit_times__lte', django.db.models.expressions.CombinedExpression(models.F('extensions'), '+', models.Value(1)))), name='cases_case_extensions'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked', ''), ('asked_until', None)), models.Q(('asked', 'extension'), ('asked_until', None), ('state', 'dispatched')), models.Q(('asked', 'suspension'), ('asked_until__isnull', False), ('state', 'dispatched'), ('suspended_at', None)), _connector='OR'), name='cases_case_asked'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resumed_at', None), ('suspended_at', None), ('suspended_until', None)), models.Q(('suspended_at__isnull', False), ('suspended_until__gt', models.F('suspended_at')), ('suspended_until__isnull', False), ('suspended_until__lte', django.db.models.expressions.CombinedExpression(models.F('suspended_at'), '+', models.Value(datetime.timedelta(days=366)))), models.Q(models.Q(('handled_at', None), ('resumed_at', None), ('state', 'dispatched')), models.Q(('resumed_at__gte', models.F('suspended_at')), ('resumed_at__lte', models.F('suspended_until'))), _connector='OR')), _connector='OR'), name='cases_case_suspended_once'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding', ''), ('verified_at', None), ('verified_by', '')), models.Q(('finding__in', ['true', 'not_found']), ('verified_at__isnull', False), models.Q(('verified_by', ''), _negated=True), models.Q(('state', 'verifying'), _negated=True)), _connector='OR'), name='cases_case_finding_iff_verified'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('first_closed_at__isnull', False), ('first_closed_at__lte', models.F('closed_at'))), _connector='OR'), name='cases_case_first_closing_kept'),
        ),
        migrations.AddConstraint(
            model_name='condition',
            constraint=models.CheckConstraint(condition=models.Q(('limit_unit__in', ['emergency_hour', 'emergency_day', 'working_hour', 'working_day', 'natural_day'])), name='cases_condition_limit_unit'),
        ),
    ]
