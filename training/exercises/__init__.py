"""Small programming exercises, composed, solved, tested and explained in many ways."""
