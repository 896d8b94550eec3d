"""What we tell the customer and the boss: pure tables from frozen outcomes and events."""
