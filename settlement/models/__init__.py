from settlement.models.card import RateCard, StandardHours, TravelBand

__all__ = ["RateCard", "StandardHours", "TravelBand"]
