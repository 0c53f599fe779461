"""Makes Word files like those of tenders: merged cells, numbered lists, text boxes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

NUMBERED = 70
HAN = 71
BRACKETED = 72

_ABSTRACT = """<w:abstractNum {ns} w:abstractNumId="{id}"><w:multiLevelType w:val="multilevel"/>
{levels}</w:abstractNum>"""
_LEVEL = """<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>
<w:lvlText w:val="{text}"/></w:lvl>"""
_BOX = """<w:r {ns} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent>
<mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>{paragraphs}</w:txbxContent>
</wps:txbx></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:textbox><w:txbxContent>{paragraphs}</w:txbxContent></v:textbox></w:pict>
</mc:Fallback></mc:AlternateContent></w:r>"""


def new_document() -> Any:
    """An empty document with three kinds of lists."""
    made = docx.Document()
    numbering = made.part.numbering_part.element
    kinds = {
        NUMBERED: [("decimal", "%1."), ("decimal", "%1.%2"), ("decimal", "（%3）")],
        HAN: [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")],
        BRACKETED: [("decimal", "（%1）"), ("decimalEnclosedCircle", "%2")],
    }
    for number, levels in kinds.items():
        written = "".join(
            _LEVEL.format(level=n, form=form, text=text) for n, (form, text) in enumerate(levels)
        )
        abstract = _ABSTRACT.format(ns=nsdecls("w"), id=number, levels=written)
        numbering.insert(0, parse_xml(abstract))
        numbering.append(_num(number, number))
    return made


def _num(number: int, abstract: int, *, restart: bool = False) -> Any:
    override = (
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if restart else ""
    )
    return parse_xml(
        f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>'
        f"{override}</w:num>"
    )


def restarted(made: Any, abstract: int, number: int) -> int:
    """A list of a kind that begins again at 1."""
    made.part.numbering_part.element.append(_num(number, abstract, restart=True))
    return number


def numbered(paragraph: Any, number: int, level: int = 0) -> None:
    """Let Word number a paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
    properties.append(parse_xml(f"<w:numPr {nsdecls('w')}>{place}</w:numPr>"))


def text_box(paragraph: Any, *lines: str) -> None:
    """A text box in a paragraph, as Word writes it: once for new readers, once for old ones."""
    written = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    paragraph._p.append(parse_xml(_BOX.format(ns=nsdecls("w"), paragraphs=written)))


def fill(cell: Any, lines: list[str], number: int = 0) -> None:
    """Write lines into a cell, numbered by Word where a list is given."""
    cell.paragraphs[0].text = lines[0]
    for line in lines[1:]:
        cell.add_paragraph(line)
    if number:
        for paragraph in cell.paragraphs:
            numbered(paragraph, number)


def saved(made: Any) -> bytes:
    """The file."""
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


WULI = (
    (
        *("一", "困难群体帮扶", "走访与个案"),
        [
            "开展困难家庭调查走访300户，形成调查报告1份；",
            "为精神障碍患者开展个案5个，每个个案介入不少于8次；",
        ],
    ),
    ("", "", "小组工作", ["开设妇女支持小组2个（每组不少于5节、每节不少于8人）。"]),
    (
        *("二", "敬老助老", "为老服务"),
        [
            "重阳、春节各举办1场敬老活动，共2场，每场参加老人不少于80人，服务200人次；",
            "提供助餐服务1 200人次；",
        ],
    ),
    (
        *("三", "社区治理", "治理"),
        [
            "开展反诈、消防等安全宣传4场，发放资料８００份；",
            "举办社区骨干培训班2期，每期不少于20人、不少于4课时；",
            "培育社区种子队伍6支，包括文体类、互助类、环保类等类型。",
        ],
    ),
    ("", "", "协商议事", ["楼栋议事会每月召开一次；", "建立社区资源台账，动态更新。"]),
    (
        *("四", "项目管理", "过程管理"),
        ["每月28日前提交月度小结；", "按要求提交中期评估、末期评估报告。"],
    ),
)


def wuli() -> bytes:
    """五里社区: merged categories, numbers by Word, columns in another order, a text box."""
    made = new_document()
    made.add_heading("社会工作服务项目采购需求", 1)
    made.add_paragraph("采购人：锦河县双桥镇人民政府")
    text_box(
        made.add_paragraph(),
        "项目地点：锦河县双桥镇五里社区",
        "服务期限：2026年4月1日至2027年3月31日",
    )
    staff = made.add_table(rows=2, cols=3)
    for cell, word in zip(staff.rows[0].cells, ("岗位", "人数", "学历要求"), strict=True):
        cell.text = word
    for cell, word in zip(staff.rows[1].cells, ("专职社工", "3人", "大专以上"), strict=True):
        cell.text = word
    made.add_paragraph("服务内容和考核指标见下表：")
    table = made.add_table(rows=7, cols=5)
    for cell, word in zip(
        table.rows[0].cells, ("序号", "服务类别", "考核指标", "服务内容", "考核分值"), strict=True
    ):
        cell.text = word
    for n, (number, category, content, clauses) in enumerate(WULI, start=1):
        cells = table.rows[n].cells
        cells[0].text, cells[1].text, cells[3].text, cells[4].text = number, category, content, "15"
        fill(cells[2], clauses, restarted(made, NUMBERED, 100 + n))
    for column in (0, 1):
        for top in (1, 4):
            table.cell(top, column).merge(table.cell(top + 1, column))
    return saved(made)


def two_packages() -> bytes:
    """Two packages under headings, their clauses as lists that Word numbers."""
    made = new_document()
    made.add_paragraph("第三章 采购项目需求")
    first = 200
    for package, community, figures in (
        ("采购包1：东原县滨江街道柳荫社区", "柳荫", (20, 3, 6, 2, 40)),
        ("采购包2：东原县滨江街道石桥社区", "石桥", (25, 5, 8, 3, 60)),
    ):
        visits, cases, events, teams, people = figures
        made.add_paragraph(package)
        outer = restarted(made, HAN, first)
        inner = restarted(made, BRACKETED, first + 1)
        again = restarted(made, BRACKETED, first + 2)
        first += 10
        numbered(made.add_paragraph("困难群众服务"), outer)
        numbered(made.add_paragraph(f"对低保家庭入户探访，每月不少于{visits}户次；"), inner)
        numbered(made.add_paragraph(f"链接资源开展应急救助{cases}例；"), inner)
        numbered(made.add_paragraph(f"{community}社区治理服务"), outer)
        numbered(made.add_paragraph(f"开展主题宣传≥{events}场，每场≥30人；"), again)
        numbered(made.add_paragraph(f"发展志愿服务队{teams}支，登记志愿者{people}名；"), again)
    return saved(made)


def blind() -> bytes:
    """Prose and a table with merged first rows; not looked at while the reader was written."""
    made = new_document()
    made.add_paragraph("一、项目简介")
    made.add_paragraph("本项目服务松岭区北关街道阳光社区，常住人口约1.2万人。")
    made.add_paragraph("二、服务指标")
    table = made.add_table(rows=8, cols=4)
    table.cell(0, 0).merge(table.cell(0, 3)).text = "阳光社区社会工作服务指标一览表"
    for cell, word in zip(
        table.rows[1].cells, ("类别", "服务项目", "年度指标", "证明材料"), strict=True
    ):
        cell.text = word
    rows = [
        ("儿童服务", "四点半课堂", "全年不少于200课时，服务儿童2000人次", "签到表"),
        ("儿童服务", "青少年成长小组", "2组，每组不少于6次，每次不少于8名组员", "小组记录"),
        ("儿童服务", "困境儿童探访", "每名儿童每月至少1次；建立探访档案20份", "探访表"),
        ("居民服务", "邻里节", "春季、秋季各1场，每场不少于100人", "照片"),
        ("居民服务", "社区课堂", "每周1次，累计服务500人次以上", "签到表"),
        (
            "组织培育",
            "骨干与队伍",
            "培养骨干十五名；培育队伍4支，其中党员志愿服务队1支；链接资金不少于2万元",
            "名册",
        ),
    ]
    for n, row in enumerate(rows, start=2):
        for cell, word in zip(table.rows[n].cells, row, strict=True):
            cell.text = word
    for top, bottom in ((2, 4), (5, 6)):
        text = table.cell(top, 0).text
        table.cell(top, 0).merge(table.cell(bottom, 0)).text = text
    return saved(made)


def write_all(folder: Path) -> None:
    """Write the files, to look at them in Word."""
    for name, make in (("wuli", wuli), ("two-packages", two_packages), ("blind", blind)):
        (folder / f"{name}.docx").write_bytes(make())
