# One vendor:device~description for each kind of PCI device; "none" where there is no PCI bus.
# Names come from the list of the hwdata or pciutils package, if one is installed.
import glob
import os

LISTS = ("/usr/share/hwdata/pci.ids", "/usr/share/misc/pci.ids")


def read(path):
    with open(path) as file:
        return file.read().strip()


def names(wanted):
    found = {}
    source = next((path for path in LISTS if os.path.exists(path)), None)
    if source is None:
        return found
    vendor, vendor_name = "", ""
    with open(source, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith("C "):
                break
            if line.startswith("\t\t") or line.startswith("#") or not line.strip():
                continue
            number, _, name = line.strip().partition("  ")
            if not line.startswith("\t"):
                vendor, vendor_name = number, name
            elif vendor + ":" + number in wanted:
                found[vendor + ":" + number] = vendor_name + " " + name
    return found


devices = []
for folder in sorted(glob.glob("/sys/bus/pci/devices/*")):
    try:
        device = read(folder + "/vendor")[2:] + ":" + read(folder + "/device")[2:]
    except OSError:
        continue
    if device not in devices:
        devices.append(device)

known = names(set(devices))
for device in devices:
    description = known.get(device, device)
    print(device + "~" + description.replace(",", "").replace("~", "-") + ",")
if not devices:
    print("none")
