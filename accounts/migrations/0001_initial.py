import accounts.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import folding.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("division_code", models.CharField(max_length=9, verbose_name="行政区划")),
                (
                    "city_code",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Substr("division_code", 1, 4),
                        output_field=models.CharField(max_length=4),
                    ),
                ),
                (
                    "county_code",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Substr("division_code", 1, 6),
                        output_field=models.CharField(max_length=6),
                    ),
                ),
                ("code", models.CharField(max_length=24, unique=True, verbose_name="单位代码")),
                ("name", models.CharField(max_length=100, verbose_name="单位名称")),
                ("short_name", models.CharField(max_length=40, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("government", "党委政府"), ("committee_office", "安委办"), ("department", "部门")],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("city", "市"), ("county", "县（区）"), ("township", "乡镇（街道）")],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                ("function", models.CharField(blank=True, max_length=12, verbose_name="职能代码")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("retired_on", models.DateField(editable=False, null=True, verbose_name="停用日期")),
                ("folded", folding.fields.FoldedField("code", "name", "short_name", default="", editable=False)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.unit",
                        verbose_name="上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位",
                "ordering": ["code"],
                "indexes": [
                    models.Index(fields=["division_code", "kind"], name="unit_division_kind"),
                    models.Index(fields=["city_code", "kind", "function"], name="unit_city_kind_function"),
                    models.Index(fields=["county_code", "kind", "function"], name="unit_county_kind_function"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["government", "committee_office", "department"])),
                        name="unit_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["city", "county", "township"])), name="unit_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "retired"])), name="unit_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_active", True), ("state", "active")),
                            models.Q(("is_active", False), models.Q(("state", "active"), _negated=True)),
                            _connector="OR",
                        ),
                        name="unit_active_iff_state_active",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "该账号已经有人使用"},
                        max_length=150,
                        unique=True,
                        validators=[
                            django.contrib.auth.validators.UnicodeUsernameValidator(),
                            accounts.models.one_case,
                        ],
                        verbose_name="账号",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="邮箱")),
                ("is_active", models.BooleanField(default=True, verbose_name="状态")),
                ("full_name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("inspector", "检查人员"),
                            ("manager", "安全负责人"),
                            ("safety_office", "安委办"),
                            ("leader", "领导"),
                            ("enterprise", "企业人员"),
                            ("sysadmin", "系统管理员"),
                            ("secadmin", "安全管理员"),
                            ("auditor", "审计员"),
                        ],
                        default="inspector",
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="电话")),
                ("folded", folding.fields.FoldedField("full_name", "username", default="", editable=False)),
                ("access_number", models.PositiveIntegerField(default=0, editable=False, verbose_name="登录批次")),
                ("password_is_given", models.BooleanField(default=False, editable=False, verbose_name="初始密码")),
                (
                    "password_set_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="密码设置时间"
                    ),
                ),
                (
                    "factor_seal",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="二次验证"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "superior",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上级负责人",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "人员",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("username"), name="user_named_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "inspector",
                                    "manager",
                                    "safety_office",
                                    "leader",
                                    "enterprise",
                                    "sysadmin",
                                    "secadmin",
                                    "auditor",
                                ],
                            )
                        ),
                        name="user_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "active", "stopped"])), name="user_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_active", True), ("state", "active")),
                            models.Q(("is_active", False), models.Q(("state", "active"), _negated=True)),
                            _connector="OR",
                        ),
                        name="user_active_iff_state_active",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("format", models.PositiveSmallIntegerField(default=2)),
                ("sequence", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("actor_name", models.CharField(max_length=40)),
                ("unit_code", models.CharField(blank=True, max_length=24)),
                ("unit_name", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(blank=True, max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("note", models.TextField(blank=True)),
                ("changes", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("beside", models.JSONField(default=dict)),
                ("evidence", models.JSONField(default=list)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("position", models.PositiveBigIntegerField(editable=False, null=True)),
                ("actor_folded", folding.fields.FoldedField("actor_name", default="", editable=False)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="unitevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="unitevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="unitevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("format", models.PositiveSmallIntegerField(default=2)),
                ("sequence", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("actor_name", models.CharField(max_length=40)),
                ("unit_code", models.CharField(blank=True, max_length=24)),
                ("unit_name", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(blank=True, max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("note", models.TextField(blank=True)),
                ("changes", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("beside", models.JSONField(default=dict)),
                ("evidence", models.JSONField(default=list)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("position", models.PositiveBigIntegerField(editable=False, null=True)),
                ("actor_folded", folding.fields.FoldedField("actor_name", default="", editable=False)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "账号审计记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="accountevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="accountevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="accountevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("name_key", models.CharField(max_length=64)),
                ("peer", models.GenericIPAddressField(null=True, verbose_name="地址")),
                ("peer_key", models.CharField(max_length=45)),
                ("device", models.CharField(blank=True, max_length=32)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("success", "登录成功"),
                            ("failure", "账号或密码不对"),
                            ("locked", "输错过多，暂停登录"),
                            ("half", "密码正确，等待二次验证"),
                            ("wrong_code", "二次验证不通过"),
                            ("recovery", "用掉一个恢复码"),
                            ("wrong_old", "登录后核对密码不对"),
                            ("changed", "更换了密码"),
                            ("sign_out", "退出登录"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "登录记录",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["name_key", "device", "-at"], name="signin_name"),
                    models.Index(fields=["peer_key", "-at"], name="signin_peer"),
                    models.Index(fields=["at"], name="signin_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "result__in",
                                [
                                    "success",
                                    "failure",
                                    "locked",
                                    "half",
                                    "wrong_code",
                                    "recovery",
                                    "wrong_old",
                                    "changed",
                                    "sign_out",
                                ],
                            )
                        ),
                        name="signin_result_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PastPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_passwords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "用过的密码",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Factor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("app", "验证器"), ("passkey", "通行密钥"), ("code", "恢复码")], max_length=10
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40)),
                ("secret", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("counter", models.BigIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factors",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "二次验证",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["app", "passkey", "code"])), name="factor_kind_known"
                    )
                ],
            },
        ),
    ]
