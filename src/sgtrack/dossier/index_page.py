"""Renders the index of the dossier as web pages: a page of all items, and one for each item."""

from __future__ import annotations

from posixpath import relpath
from urllib.parse import quote

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from sgtrack.dossier.dossier_index import Index, IndexItem

_STYLE = Markup("""\
body { font-family: "Microsoft YaHei", "Noto Sans CJK SC", "PingFang SC", sans-serif;
  margin: 2em auto; max-width: 76em; padding: 0 1em; color: #222; line-height: 1.5; }
h1 { font-size: 1.6em; } h2 { border-bottom: 2px solid #c00000; padding-bottom: .2em; }
h3 { font-size: 1em; font-weight: normal; color: #555; } h4 { margin: 1em 0 .3em; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; margin: .3em 0 1em;
  font-size: .92em; }
.entries col:nth-child(1) { width: 7em; } .entries col:nth-child(2) { width: 6em; }
.entries col:nth-child(4) { width: 10em; } .entries col:nth-child(5) { width: 12em; }
.indicators col:nth-child(n+3) { width: 7em; }
th, td { border: 1px solid #bbb; padding: .25em .5em; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #f3f3f3; } .missing { color: #c00000; font-weight: bold; }
nav a { margin-right: 1em; display: inline-block; } summary { cursor: pointer; color: #0563c1; }
@media (max-width: 45em) { body { margin: 1em auto; } h1 { font-size: 1.3em; }
  .indicators { table-layout: auto; } .indicators col:nth-child(n) { width: auto; }
  .entries, .entries tbody, .entries tr, .entries td { display: block; }
  .entries tr:first-child { display: none; } .entries tr { margin-bottom: .6em; }
  .entries td { border-width: 0 1px; } .entries td:first-child { border-top-width: 1px; }
  .entries td:last-child { border-bottom-width: 1px; }
  .entries td::before { content: attr(data-label) "："; color: #555; } }
""")
_ENTRIES = """\
{% macro entries_table(entries) %}
<table class="entries">
<colgroup><col><col><col><col><col><col></colgroup>
<tr><th>日期</th><th>记录</th><th>活动</th><th>数量</th><th>计入</th><th>佐证材料</th></tr>
{% for entry in entries %}
<tr><td data-label="日期">{{ entry.day }}</td><td data-label="记录">{{ entry.id }}</td>
<td data-label="活动">{{ entry.title }}{% if entry.place %}（{{ entry.place }}）{% endif %}</td>
<td data-label="数量">{{ entry.amounts }}</td><td data-label="计入">{{ entry.counted }}</td>
<td data-label="佐证材料">
{% for file in entry.files %}
{% if file.is_present %}<a href="{{ file.path | href }}">{{ file.kind }}：{{ file.name }}</a>
{%- else %}{{ file.kind }}：{{ file.name }}{% endif %}
{%- if file.problem %} <span class="missing">{{ file.problem }}</span>{% endif %}<br>
{% endfor %}
{% if entry.missing %}<span class="missing">缺 {{ entry.missing }}</span>{% endif %}
</td></tr>
{% endfor %}
</table>
{% endmacro %}
{% macro indicator_table(rows) %}
<table class="indicators">
<colgroup><col><col><col><col><col></colgroup>
<tr><th>目标</th><th>完成</th><th>完成率</th><th>其中有佐证</th><th>状态</th></tr>
{% for row in rows %}
<tr><td>{{ row.target }}</td><td>{{ row.claimed }}</td>
<td{% if not row.done %} class="missing"{% endif %}>{{ row.percent }}</td>
<td{% if not row.whole %} class="missing"{% endif %}>{{ row.proven }}</td>
<td>{{ row.state }}</td></tr>
{% endfor %}
</table>
{% endmacro %}
"""
_INDEX = """\
{% from "entries" import entries_table, indicator_table with context %}
<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ index.title }}</title>
<style>{{ style }}</style></head><body>
<h1>{{ index.title }}</h1>
<p>{{ index.summary }}</p>
<p>编制日期：{{ index.date }}{% if index.code %}　台账校验码：{{ index.code }}{% endif %}</p>
<nav>{% for category, percent in index.categories %}
<a href="#c{{ category.code }}">{{ category.code }} {{ category.name }} {{ percent }}</a>
{% endfor %}</nav>
{% for category, percent in index.categories %}
<h2 id="c{{ category.code }}">{{ category.code }} {{ category.name }}（{{ percent }}）</h2>
{% for clause in category.clauses %}
<h3>条款 {{ clause.code }}：{{ clause.text }}</h3>
{% for contract_item in clause.items %}
{% set item = index.items[contract_item.code] %}
<h4>{{ item.code }} {{ item.name }}</h4>
{{ indicator_table(item.rows) }}
{% if item.entries %}
{% set lacking = item.entries | selectattr("missing") | list | length %}
<details open><summary>{{ item.entries | length }} 条记录
{%- if lacking %}，<span class="missing">{{ lacking }} 条缺佐证</span>{% endif %}</summary>
{{ entries_table(item.entries) }}
</details>
{% else %}
<p class="missing">没有记录</p>
{% endif %}
<p><a href="{{ item.list | href }}">本项清单</a></p>
{% endfor %}
{% endfor %}
{% endfor %}
{% if index.outside %}
<h2>合同外的记录（不计入）</h2>
{{ entries_table(index.outside) }}
{% endif %}
</body></html>
"""
_LIST = """\
{% from "entries" import entries_table, indicator_table with context %}
<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ item.code }} {{ item.name }}</title>
<style>{{ style }}</style></head><body>
<h1>{{ item.code }} {{ item.name }}</h1>
{{ indicator_table(item.rows) }}
{% if item.entries %}{{ entries_table(item.entries) }}{% else %}
<p class="missing">没有记录</p>{% endif %}
<p><a href="{{ top | href }}">返回总索引</a></p>
</body></html>
"""
INDEX = "索引.html"
_TEMPLATES = {"entries": _ENTRIES, "index": _INDEX, "list": _LIST}


def render_index_page(index: Index) -> bytes:
    """Render the page of all items, for the top folder of the dossier."""
    return _render("index", "", index=index)


def render_item_page(item: IndexItem) -> bytes:
    """Render the page of one item, for the folder of the item."""
    return _render("list", item.list.rpartition("/")[0], item=item, top=INDEX)


def _render(name: str, folder: str, **values: object) -> bytes:
    environment = Environment(
        loader=DictLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["href"] = lambda path: quote(relpath(path, folder or "."))
    page = environment.get_template(name).render(style=_STYLE, **values)
    return page.lstrip().encode("utf-8")
