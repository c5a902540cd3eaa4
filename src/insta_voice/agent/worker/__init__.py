"""The program that takes calls: registers with LiveKit, counts its places, asks whether a job still has a call, and
gives each call a process made ready ahead. What happens in a call is the business of the modules around this folder.
"""
