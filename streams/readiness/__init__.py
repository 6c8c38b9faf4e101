"""What going live needs: the gate's items, and what is known of each."""
