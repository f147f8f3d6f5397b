from settlement.models.card import RateCard, StandardHours, TravelBand
from settlement.models.route import UsualWay

__all__ = ["RateCard", "StandardHours", "TravelBand", "UsualWay"]
