"""The facilitator's desk: anything wrong with the board can be set right here."""
