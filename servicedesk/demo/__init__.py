"""The sample data as plain facts (domain.md 21): who, what, where and when; seed_demo makes rows of them.

All names are invented, every company carries (示例), telephone numbers are 199 0000 xxxx. The texts stay Chinese in
every language, as a real company's data would.
"""
