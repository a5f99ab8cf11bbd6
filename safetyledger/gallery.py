"""Made-up contents for the page that shows every component (templates/safetyledger/gallery.html)."""

from datetime import date, datetime, timedelta

from django import forms
from django.utils import timezone

from hazards.views.ledger import Ledger
from look.filters import as_query

TODAY = date(2026, 11, 20)


class SampleForm(forms.Form):
    """One field of each kind, two of them wrong."""

    enterprise = forms.CharField(label="企业名称")
    person = forms.CharField(
        label="整改责任人", min_length=2, error_messages={"min_length": "请写全名；多人用“、”分开"}
    )
    sector = forms.ChoiceField(
        label="行业领域",
        choices=[("", "请选择"), ("gm", "工商贸企业")],
        help_text="决定行业主管和监管部门的默认值",
        required=False,
    )
    number = forms.CharField(label="编号", disabled=True, required=False)
    level = forms.ChoiceField(
        label="隐患等级", choices=[("general", "一般隐患"), ("major", "重大隐患")], widget=forms.RadioSelect
    )
    days = forms.ChoiceField(
        label="整改期限",
        choices=[("0", "立即"), ("3", "3 日"), ("7", "7 日"), ("15", "15 日"), ("30", "30 日"), ("date", "选日期")],
        widget=forms.RadioSelect,
    )
    fixed = forms.BooleanField(label="当场已整改", required=False)
    working = forms.BooleanField(label="按工作日计算", required=False)
    opinion = forms.CharField(label="复查意见", widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self):
        raise forms.ValidationError("没有提交成功：还差 1 项。")


def _hazard(state, days, rectified=None):
    deadline = None if days is None else TODAY + timedelta(days=days)
    rectified_on = rectified and deadline + timedelta(days=rectified)
    due = {"issue_due_on": TODAY + timedelta(days=2) if state == "registered" else None}
    return {"state": state, "deadline": deadline, "rectified_on": rectified_on, **due}


def _duty(kind, body, person, post, phone):
    return {"kind": kind, "body_name": body, "person": person, "post": post, "phone": phone}


def _at(day, hour, minute):
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone.get_default_timezone())


def samples():
    """A dict of everything the components page draws."""
    values = {
        "enterprise": "商丘豫盛冷链食品有限公司",
        "person": "张",
        "sector": "gm",
        "number": "YH-4114-2026-000001",
        "level": "major",
        "days": "7",
        "fixed": "on",
        "opinion": "现场复查，隔墙已恢复，联动有效。",
    }
    return {
        "today": TODAY,
        "form": SampleForm(values, initial=values),
        **_badges(),
        **_ledger(),
        **_lists(),
        **_story(),
        **_scores(),
    }


def _badges():
    return {
        "deadlines": [
            _hazard("rectifying", -5),
            _hazard("rectifying", 0),
            _hazard("rectifying", 3),
            _hazard("rectifying", 12),
            {"state": "closed", "deadline": TODAY, "rectified_on": TODAY},
            {"state": "closed", "deadline": TODAY, "rectified_on": TODAY + timedelta(days=2)},
            _hazard("registered", None),
        ],
        "states": ["draft", "registered", "rectifying", "pending_review", "closed", "voided", "discarded"],
        "duties": [
            _duty("territorial", "双八镇人民政府", "郑有田", "分管副镇长", "139 0000 2716"),
            _duty("competent", "梁园区工业和信息化局", "贺春生", "安全股股长", "139 0000 3381"),
            _duty("supervising", "梁园区应急管理局", "袁立新", "执法大队中队长", "139 0000 4150"),
            _duty("enterprise", "商丘豫盛冷链食品有限公司", "孟令山", "法定代表人", "139 0000 5926"),
        ],
        "clocks": [
            (date(2026, 11, 11), date(2026, 11, 26), date(2026, 11, 26)),
            (date(2026, 11, 2), date(2026, 11, 10), date(2026, 11, 15)),
        ],
    }


def _ledger():
    """Rows of the ledger's own list: one for each way to stand against a deadline."""
    row = {
        "url": "#main", "found_on": date(2026, 11, 2), "feedback_on": None, "today": TODAY, "inside": False,
        "description": "快速冻结装置未设置在单独的作业间内，与分割包装间相通，作业人员 14 人；氨气检测报警装置未与事故排风机联动。",
        "enterprise__name": "商丘豫盛冷链食品有限公司", "enterprise__township__parent__short_name": "梁园区",
        "enterprise__township__short_name": "双八镇", "sector__name": "工商贸企业",
        **{f"{duty['kind']}_unit__short_name": duty["body_name"] for duty in _badges()["duties"][:3]},
        **{f"{duty['kind']}_person": duty["person"] for duty in _badges()["duties"]},
    }  # fmt: skip
    rows = [
        {**row, **one, "number": f"YH-4114-2026-00000{place}", "level": "general" if place > 1 else "major"}
        for place, one in enumerate(_badges()["deadlines"][:4], start=1)
    ]
    sizes = [{"size": size, "url": "#main", "current": size == 50} for size in Ledger.sizes]
    return {"ledger": Ledger(), "heads": Ledger().heads(as_query({})), "ledger_rows": rows, "sizes": sizes}


def _figure(label, value, unit, note, icon, red=False):
    return {"label": label, "value": value, "unit": unit, "note": note, "icon": icon, "url": "#main", "red": red}


def _lists():
    todo = {"url": "#main", "act_url": "#main", "level": "general"}
    return {
        "figures": [
            _figure("逾期未整改", 37, "条", "其中重大 3 条", "clock-exclamation", red=True),
            _figure("待复查", 23, "条", "超过 10 天 2 条", "eye-check"),
            _figure("周报未报送", 4, "个单位", "截止 11-23 09:00", "send"),
            _figure("按期整改率", "无数据", "", "期内无到期隐患", "chart-bar"),
        ],
        "todos": [
            {
                **todo,
                **_hazard("rectifying", -5),
                "level": "major",
                "title": "快速冻结装置未设置在单独的作业间内",
                "facts": ["商丘豫盛冷链食品有限公司", "梁园区双八镇", "已提醒 3 次，最近 11-18 孟令山、郑有田"],
                "act": "",
                "waits": "等企业提交整改反馈",
            },
            {
                **todo,
                **_hazard("rectifying", 2),
                "title": "食堂燃气管道穿越密闭储藏间",
                "facts": ["柘城县起台镇第二中学", "11-18 已反馈"],
                "act": "去复查",
            },
        ],
        "tabs": [
            {"label": "全部在办", "url": "#main", "current": True, "count": 1331, "red": False},
            {"label": "逾期", "url": "#main", "current": False, "count": 37, "red": True},
            {"label": "已销号", "url": "#main", "current": False, "count": None, "red": False},
        ],
        "chips": [
            {"label": "属地", "value": "双八镇", "url": "#main"},
            {"label": "等级", "value": "重大", "url": "#main"},
        ],
        "menu": [
            {"label": "当前结果（.xlsx）", "url": "#main", "icon": "file-spreadsheet", "red": False},
            {"label": "申请作废", "url": "#main", "icon": "ban", "red": True},
        ],
    }


def _story():
    steps = [("登记", "done", "11-02"), ("下达", "done", "11-02"), ("整改", "now bad", "复查退回 1 次")]
    steps += [("复查", "", "—"), ("销号", "", "—")]
    entries = [
        ("袁立新（应急局）", _at(18, 15, 20), "复查通过 → 已销号", "", "ok"),
        ("袁立新（应急局）", _at(12, 10, 15), "复查不通过 → 整改中", "排风机未联动，继续停用", "bad"),
        ("系统", _at(10, 8, 0), "提醒：今日到期", "", "auto"),
        ("袁立新（应急局）", _at(2, 11, 5), "登记并下达", "", ""),
    ]
    return {
        "steps": [{"label": label, "look": look, "note": note} for label, look, note in steps],
        "entries": [
            {"who": who, "at": at, "words": said, "note": note, "detail": "", "look": look}
            for who, at, said, note, look in entries
        ],
    }


def _scores():
    return {
        "labels": ["整改率", "按期率", "覆盖", "发现", "执法", "报送"],
        "rows": [
            {
                "name": "谢集镇",
                "history": [82, 84, 85, 86, 88, 91, 95, 97],
                "score": "97.0",
                "parts": [29.7, 19.5, 14.5, 14.7, 8.6, 10],
                "minus": 0,
                "tail": False,
            },
            {
                "name": "双八镇",
                "history": [84, 84, 83, 82, 80, 78, None, 68],
                "score": "68.0",
                "parts": [23.8, 15.6, 12.4, 13.8, 7.4, 10],
                "minus": 15,
                "tail": True,
            },
        ],
        "trend": {
            "labels": [str(week) for week in range(36, 48)],
            "found": [1984, 2054, 2113, 2245, 1321, 2185, 2264, 2310, 2194, 2344, 2250, 2322],
            "closed": [1894, 1994, 2044, 2203, 1301, 2084, 2195, 2285, 2164, 2314, 2254, 2162],
            "overdue": [62, 58, 55, 51, 66, 59, 52, 47, 45, 41, 39, 37],
        },
        "overdue": {"labels": ["双八镇", "解放街道", "孙福集乡", "陇海街道", "王楼乡"], "values": [6, 2, 1, 1, 1]},
    }
