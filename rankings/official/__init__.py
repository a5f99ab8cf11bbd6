"""官方统计表: the forms that safety committees send up, column by column, of any unit and period a reader reads.

`layout` says what a form looks like, `basis` which rows it is counted from, `checks` and `quarterly` count, `sheet` writes the workbook.
Fields, order and headings: 安全生产检查和专项整治工作完成情况统计表 and 事故隐患排查治理情况统计分析表 as safety bodies hand them round.
"""
