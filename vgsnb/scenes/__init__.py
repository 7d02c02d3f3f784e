"""What happens in a picture, and how different people describe it in English and in German."""
