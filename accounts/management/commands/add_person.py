from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import operations
from accounts.roles import Role

ROLES = "、".join(f"{role.value}（{role.label}）" for role in Role)


class Command(BaseCommand):
    help = "建立一个可以立即登录的账号，密码随机生成，只显示这一次。最初的系统管理员、安全管理员和审计员这样建立，以后在网页“人员”里办理。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="登录用的账号")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--role", required=True, help=ROLES)
        parser.add_argument("--unit", default="", help="单位代码或名称；企业人员和三员可以不给")
        parser.add_argument("--post", default="", help="职务")
        parser.add_argument("--phone", default="", help="电话")
        parser.add_argument("--email", default="", help="邮箱")

    def handle(self, *args, username, name, role, unit, post, phone, email, **options):
        try:
            person, password = operations.add_person(
                at=timezone.now(),
                username=username,
                full_name=name,
                role=role,
                unit=operations.unit_named(unit) if unit else None,
                post=post,
                phone=phone,
                email=email,
            )
        except operations.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"已建立账号 {person.username}：{person.full_name}，{person.get_role_display()}")
        self.stdout.write(f"密码：{password}")
        self.stdout.write("密码只显示这一次，请当面交给本人，登录后在“我的”里更换。")
