import platform

print(platform.node())
