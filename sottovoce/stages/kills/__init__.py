"""Kills: a cancel for every live order a halt covers, asked for until each is confirmed to be over."""
