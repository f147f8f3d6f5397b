from imports.models.run import ColumnMemory, ImportedRow, ImportRun

__all__ = ["ColumnMemory", "ImportRun", "ImportedRow"]
