"""What to do about a machine, by `sys.platform`, in words that several commands say."""

REAL_TIME = {
    "linux": "join the group audio (sudo usermod -aG audio $USER), give it the right (a line '@audio - rtprio 95' in "
    "/etc/security/limits.d/audio.conf), and log in again"
}
"""How to be permitted real-time priority, where it takes a permission."""

BY_FRAME = "over JACK (--backend jack) with pip install 'sideslip[jack]' each note stands on its own frame"
"""What takes the jitter away where there is a JACK server."""
