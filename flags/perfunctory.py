"""随意填报: descriptions from which nobody could tell, on the spot, whether the matter is mended.

By docs/labelling.md a description names a thing and what is wrong with it; where, is welcome and not demanded. Rules and no model: the
figures of both stand in docs/adr on flags.
"""

import re

from folding.texts import fold

DESCRIBES = 8  # signs of a clause
# Signs that end a clause; a folded text has no blanks left.
_CLAUSE = re.compile(r"[,，;；。.!！?？、:：…~·()/\s]+")
_NUMBER = re.compile(r"^(\d{1,2}[.、)]|[一二三四五六七八九十][.、]|\(\d{1,2}\))")
# What was done about it, or is to be done: says nothing of what was found.
_DONE = re.compile(
    r"^(已|以|己|现|均|都|并|也|将|全部|全|立即|立刻|马上|及时|当场|现场|当天|即时|尽快|限期|责令|要求|请|需|须|要|正在|后|再|重新|从新|予以|进行|组织|安排|按要求|"
    r"整改|更换|更新|调整|增加|添加|安装|按装|补|张贴|贴|换|清理|处理|完成|完毕|完善|改正|修复|维修|建立|健全|学习|培训|教育|演练|使用|应急|定期|定时|每月|整理|清走|移开|搬走)+"
)
# Demands and questions of the check list, copied: no finding, whatever they name. Others are one unless something wrong is named too.
_COPIED = re.compile(r"不得|不可(?!以)|严禁|禁止(?!吸烟标)|是否(?!有异常)")
_DEMANDED = re.compile(
    r"应当|应该|应按|应密|应有|必须|需加|需定|需重|要有|定期|(情况|记录|培训|通道|标志|出口)$|(?<!不)(完好|完整|畅通|齐全)$"
)
# What is wrong with something, said so that one could look.
_DEFECT = re.compile(
    r"未|没|无|缺|坏|损|破|脱|掉|松|堵|挡|阻|占|堆|乱|裸|露|漏|过期|到期|效期|失效|失灵|失电|断电|故障|锁|异常|积|锈|老化|断|歪|倾斜|"
    r"移位|移动|私|违|超|偏|低|反了|接反|遮|模糊|不(?=亮|通|明显|够?清|能|熟|当|畅|整齐|正|具|密|便|平|稳|足|全面)|过密|小|太满|太多|放|摆|停|"
    r"杂|障碍|倒|关不|忘|吸烟|潮湿|翘起|裂|变形|花线|误|错|年限|压力|闭|打开|开启|有(?=物|货|垃圾|纸|电线|木屑|东西)|拉|木板|可燃|滑|"
    r"取下|仅|只有|地上|忽明|配置不够|数量不够|较少"
)
# What is wrong in general: with nothing else beside it one cannot look.
_VAGUE = re.compile(
    r"(有待|有所|不够|不太|不尽|未|没有|没|无)(完善|健全|规范|到位|完整|完好|完备|合格|重视|加强|提高)|"
    r"不(够)?(完善|健全|规范|到位|完整|完好)|(?<!检验)(?<!检测)不合格|(存在|有)?(一般|较大|重大|安全|消防|用电|火灾|事故)*(隐患|风险)|存在问题|有问题|意识(淡薄|不强|差)"
)
_VAGUE_ALONE = re.compile(r"未|没有|没|在位|缺失")
# Words that name no thing: kinds of clutter, words of place and number, whole categories.
_NOTHING = re.compile(
    r"杂物|物品|东西|物料|货物|垃圾|障碍物?|个别|部分|有些|多处|一处|一个|处|较多|太多|过多|临时|随意|有时|存在|现象|等|的|了|是|在|有|发现|检查|巡查|自查|"
    r"今天|消防设施|消防器材|安全设施|设施|器材|设备|安全(?!出|通|标|帽|带|绳|门|警|疏|指|操|教|培|会)|消防(?!栓|箱|通|门|水|车|标|出|安|演|知|教|控|泵)|生产|管理|制度|规章|责任制|规程|情况"
)
_WRONG = re.compile(
    r"占用|占|堆放|堆积|堆|摆放|放置|放|乱|堵塞|堵住|堵|遮挡|阻[挡档]|挡住|挡|漏水|漏|不够顺畅|不畅|气压|压力|过低|不足|防护不严密|损坏|坏|破损|脱落|掉|"
    r"未|没有|没|无|不|缺失|缺少|缺|做|连接|摆|凌乱|杂乱|人员"
)


def is_perfunctory(description):
    """Whether ``description`` names no thing, or nothing wrong with it, that somebody could go and look at."""
    text = _NUMBER.sub("", fold(description)).strip(",，.。;；、!！ ")
    clauses = [clause for clause in _CLAUSE.split(text) if clause and not _DONE.fullmatch(clause)]
    return not any(_says_something(clause) for clause in clauses)


def _says_something(clause):
    if _COPIED.search(clause):
        return False
    general = _VAGUE.search(clause)
    rest = _VAGUE_ALONE.sub("", _VAGUE.sub("", clause)) if general else _DEMANDED.sub("", clause)
    if (general or rest != clause) and not _DEFECT.search(rest):
        return False
    # Who writes more than a few signs describes something, though none of the words above stands there.
    told = bool(_DEFECT.search(clause)) or len(clause) >= DESCRIBES
    return told and len(_WRONG.sub("", _NOTHING.sub("", clause))) >= 2
