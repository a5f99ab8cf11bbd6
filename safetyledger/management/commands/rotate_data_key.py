from safetyledger.management.commands import rotate_audit_key


class Command(rotate_audit_key.Command):
    help = "换用新的数据密钥，旧密钥留下用于解开以前的内容；换后请重新启动所有进程。"
    ring = "DATA_KEYS"
