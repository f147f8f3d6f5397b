from equipment.models.catalogue import Part, PartnershipLine, ProductLine, ProductModel
from equipment.models.customer import Customer
from equipment.models.machine import Machine
from equipment.models.merging import Merge, MergeKind
from equipment.models.register import RegisterMachine, Shipment
from equipment.models.warranty import WarrantyPolicy, WarrantyVersion

__all__ = [
    "Customer",
    "Machine",
    "Merge",
    "MergeKind",
    "Part",
    "PartnershipLine",
    "ProductLine",
    "ProductModel",
    "RegisterMachine",
    "Shipment",
    "WarrantyPolicy",
    "WarrantyVersion",
]
