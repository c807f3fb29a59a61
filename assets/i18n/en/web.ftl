# Administration pages.

## Frame
ui-own-name = English
ui-skip = Skip to the content
ui-main-menu = Main menu
ui-warning = Warning
ui-you-are-here = You are here
ui-quick-search = Find a computer
ui-search = Search
ui-language = Language
ui-log-out = Log out
ui-log-in = Log in
ui-times-in = Times in { $zone }
ui-to-start = Go to the start page
demo-accounts-warning = Accounts whose password everybody knows are active on this site. Change their passwords or deactivate them before using it for real.

## Words that many pages share
ui-yes = Yes
ui-no = No
ui-all = All
ui-never = Never
ui-today = Today
ui-days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
ui-days-and-time = { $days ->
    [one] { $days } day, { $time }
   *[other] { $days } days, { $time }
}
ui-updating = updating…
ui-delayed = delayed: { $time }
ui-checked = Checked
ui-unchecked = To check
ui-enabled = Enabled
ui-disabled = Disabled
ui-legend = What the icons mean
ui-with-selection = With the selected rows:
ui-select = Select
ui-select-all = Select all rows
ui-pages = Pages
ui-previous = Previous
ui-next = Next
ui-rows-shown = { $count ->
    [one] { $count } row on this page
   *[other] { $count } rows on this page
}
ui-will-be-lost = This will disappear with it:
ui-cancel = Cancel
ui-save = Save
ui-back = Back
ui-delete = Delete
ui-export = Export
ui-add = Add
ui-edit = Edit
ui-filter = Filter
ui-clear = Clear
ui-required = (required)
ui-find-and-add = Find and add…
ui-look-at-fields = Nothing was saved. Please look at the marked fields.
ui-related = Related lists

## Menus
menu-configuration = Configuration
menu-release = Release
menu-data = Data
nav-home = Start
nav-alerts = Alerts
nav-api = API
nav-history = History
nav-own-password = Change my password
nav-formulas = Formulas
nav-fault-definitions = Fault definitions
nav-auto-check-errors = Auto-checked errors
nav-projects = Projects
nav-platforms = Platforms
nav-accounts = Accounts
nav-tokens = Tokens
nav-settings = Settings
nav-audit = Audit log
nav-deployments = Deployments
nav-stores = Stores
nav-packages = Packages
nav-packages-information = Packages information
nav-computers = Computers
nav-users = Users
nav-attributes = Attributes
nav-synchronizations = Synchronisations
nav-errors = Errors
nav-faults = Faults
nav-status-logs = Status logs
nav-migrations = Migrations
nav-notifications = Notifications
nav-messages = Messages

## Alerts
alerts-none = Nothing needs your attention.
alerts-count = { $count ->
    [0] No alerts
    [one] { $count } alert
   *[other] { $count } alerts
}

## Status of computers
status-intended = Assigned
status-intended-means = In its normal use
status-reserved = Reserved
status-reserved-means = In special use, for tests for example
status-unknown = Unknown
status-unknown-means = In any other use
status-available = Available
status-available-means = Free and ready for use
status-in-repair = In repair
status-in-repair-means = Being repaired
status-unsubscribed = Unsubscribed
status-unsubscribed-means = Will never be used again

## Logging in
login-title = Log in
first-login-title = Choose your password
first-login-text = This link works once. It sets the password of the account { $name }.
first-login-button = Set the password and log in

## Start
home-title = Start
home-figures = Main figures

## Fields
field-name = Name
field-username = Account
field-password = Password
field-new-password = New password
field-old-password = Current password
field-repeated = New password again
field-platform = Platform
field-pms = Package system
field-auto-register-computers = Computers register without an account
field-projects = Projects
field-full-name = Full name
field-first-name = First name
field-last-name = Last name
field-email = E-mail
field-groups = Groups
field-is-active = Active
field-is-staff = May enter these pages
field-is-superuser = Superuser
field-last-login = Last login
field-account = Account
field-created-at = Created
field-actions = Actions
field-time = Time
field-action = Action
field-object = Object
field-object-id = Number of the object
field-changes = Changes

## Hints
hint-password = At least 10 characters.
hint-repeated = The same once more, against typing errors.
hint-project-platform = Family of the operating system, Linux for example. An unknown one is added.
hint-auto-register-computers = Otherwise registering needs an account that may add and change computers.
hint-is-active = An inactive account neither logs in nor uses tokens. Better than deleting it.
hint-is-superuser = May do everything.
hint-token-name = What it is for, so that you know later which one to revoke.

## Projects and platforms
projects-empty = There are no projects yet. Computers may bring them along when they register.
project-new = New project
project-delete-question = Delete the project { $name }?
platforms-empty = There are no platforms yet. They come with the first project.
platform-delete-question = Delete the platform { $name }?
loss-computers = { $count ->
    [one] { $count } computer (move or delete it first)
   *[other] { $count } computers (move or delete them first)
}
loss-deployments = { $count ->
    [one] { $count } deployment with its repository
   *[other] { $count } deployments with their repositories
}
loss-packages = { $count ->
    [one] { $count } package
   *[other] { $count } packages
}

## Accounts, tokens, audit
accounts-empty = There are no accounts yet.
account-new = New account
account-demo = known password
account-password = Set another password
account-set-password = Set the password
tokens-empty = There are no tokens yet.
token-new = New token
token-create = Create
token-created = Copy the token now: it is shown this once.
token-revoke = Revoke
token-revoke-question = Revoke the token { $name }? Whatever uses it stops working.
audit-empty = There are no changes yet.
audit-add = Added
audit-change = Changed
audit-delete = Deleted
audit-login = Logged in
audit-create-token = Created a token
audit-revoke-token = Revoked a token
audit-change-password = Changed the password
audit-use-one-time-link = Used a one-time link
audit-accept-key = Accepts a new key

## What was done
done-added = { $name } was added.
done-saved = { $name } was saved.
done-deleted = { $name } was deleted.
done-password = The password was changed.
done-revoked = The token was revoked.

## Errors
error-title-not-found = Not found
error-title-denied = Not permitted
error-title-refused = That did not work
error-title-server = Something went wrong
error-no-page = There is no such page. It may have been moved or deleted.
error-not-found = There is no { $what } { $key }.
error-denied = Your account may not { $action }: { $model }.
error-forged = The form did not come from this session. Go back, load the page again and repeat.
error-unreadable = The server could not read the request.
error-internal = The server failed. What happened is in its log.
error-too-many = Too many attempts. Wait a little and try again.
error-too-large = That is larger than the { $limit } this site accepts.
error-disk-full = The disk of the server is full. Nothing was stored.
error-unavailable = The server cannot do that now: { $reason }. Try again in a moment.
error-repeated = The two passwords differ.
right-view = view
right-add = add
right-change = change
right-delete = delete
thing-account = account
thing-computer = computer
thing-deployment = deployment
thing-link = link
thing-package = package
thing-platform = platform
thing-project = project
thing-store = store
thing-token = token
model-computer = Computer
model-hardware = Hardware
model-user = User
model-attribute = Attribute
model-formula = Formula
model-attribute-set = Attribute set
model-fault-definition = Fault definition
model-auto-check-error = Auto-checked error
model-error = Error
model-fault = Fault
model-message = Message
model-synchronization = Synchronisation
model-notification = Notification
model-migration = Migration
model-status-log = Status log
model-platform = Platform
model-pms = Package system
model-project = Project
model-deployment = Deployment
model-schedule = Schedule
model-application = Application
model-policy = Policy
model-package = Package
model-store = Store
model-query = Query
model-device = Device
model-device-model = Device model
model-domain = Domain
model-scope = Scope
model-account = Account
model-setting = Setting

## Shared words of lists
ui-nothing-found = Nothing matches these filters.
ui-nothing-further = There are no more rows.
ui-nothing-in-sight = There is nothing here of the selected domain or scope.
ui-now = now
checks-check = Check
checks-uncheck = Uncheck
machine-physical = Physical machine
machine-virtual = Virtual machine

## Computers
computers-empty = There are no computers yet. They appear here when they register.
computers-search = Computer or user
computers-total = { $count ->
    [one] { $count } computer
   *[other] { $count } computers
}
computers-stale = { $count ->
    [one] more than { $count } day ago
   *[other] more than { $count } days ago
}
computers-without-software = Without inventory
computers-set-status = Change the status
computers-delete-question = { $count ->
    [one] Delete this computer?
   *[other] Delete these { $count } computers?
}
computers-delete-losses = their CID attribute, hardware, errors, faults and history
computer-summary = Summary
computer-software = Software
computer-software-history = Software history
computer-hardware = Hardware
computer-simulate = Simulate a synchronisation
computer-identification = Identification
computer-synchronisation = Synchronisation
computer-changes = What it was called and where it was
computer-errors = { $count ->
    [one] { $count } error
   *[other] { $count } errors
}
computer-faults = { $count ->
    [one] { $count } fault
   *[other] { $count } faults
}
computer-no-attributes = No attributes: the computer has not synchronised.
computer-no-software = No packages are known.
computer-no-history = Nothing came or went yet.
computer-packages = { $count ->
    [one] { $count } package
   *[other] { $count } packages
}
history-manual = changed by others, between two synchronisations
history-migas = during a synchronisation
status-group-subscribed = All but unsubscribed
status-group-productive = Productive
status-group-unproductive = Unproductive
status-group-active = Productive or in repair
setting-uuid = UUID
setting-name = Name
setting-fqdn = Full name in the network
setting-ip-address = IP address
setting-user = User
setting-key = Key
hardware-captured = Captured
hardware-not-captured = Not captured yet.
hardware-capture-again = Capture at the next synchronisation
hardware-empty = The computer has not reported its hardware.
hardware-unclaimed = no driver
key-title = Another key
key-text = A computer that was installed anew, or lost its key, is refused. You can let it come with a new key once, within 24 hours.
key-accept = Accept a new key
key-open = A new key is accepted until { $time }.
key-refuse = Accept none after all

## Fields of computers
field-computer = Computer
field-status = Status
field-project = Project
field-sync-user = User
field-sync-start-date = Last synchronisation began
field-sync-end-date = Last synchronisation
field-last-update-time = It took
field-product = Product
field-to-check = To check
field-machine = Machine
field-software = Software
field-package = Package
field-comment = Comment
field-cid = Number
field-fqdn = Full name in the network
field-uuid = UUID
field-ip-address = IP address
field-forwarded-ip-address = Address the server saw
field-mac-address = Network cards
field-entry-date = Entered
field-updated-at = Changed
field-key = Key
field-accept-key-until = Accepts a new key until
field-cpu = Processor
field-ram = Memory
field-storage = Storage
field-disks = Disks
field-last-hardware-capture = Hardware captured
field-property = Property
field-value = Value
field-from = From
field-to = To
field-as-of = As it was on
field-attribute = Attribute
field-description = Description
field-formula = Formula
field-since = Since
field-version = Version
field-architecture = Architecture
field-vendor = Vendor
field-serial = Serial number
field-bus-info = Bus
field-slot = Slot
field-size = Size
field-capacity = Capacity
field-clock = Clock
field-width = Width
field-logical-names = Logical names
field-capabilities = Capabilities
hint-computer-name = Only superusers change it. The computer tells its own name again when it synchronises.
hint-computer-status = Available and unsubscribed take the computer out of the deployments that name it.

## Errors, faults, notifications
errors-empty = There are no errors yet.
faults-empty = There are no faults yet.
faults-whose = Assigned
faults-to-check-for-me = to me or to nobody
faults-assigned-to-me = to me
faults-assigned-to-others = to others
faults-unassigned = to nobody
notifications-empty = There are no notifications yet.
field-checked = Checked
field-error = Error
field-fault-definition = Fault definition
field-result = Result
field-notification = Notification

## Settings
settings-site = Settings of the site
settings-process = Settings of the server process
settings-process-text = These come from the command line, the environment or migas.toml and are changed there.
settings-reset = Default
field-setting = Setting
field-origin = Comes from
origin-default = Default
origin-site = Set here
origin-file = migas.toml
origin-environment = Environment
origin-flag = Command line
about-organization = Shown at the top of every page.
about-autoregister = Computers may bring new platforms and projects along.
about-default-computer-status = Status of a computer that registers.
about-computer-search-fields = Fields by which computers are found; the first one is how they are shown.
about-seconds-message-alert = Seconds after which a synchronisation counts as delayed.
about-help-desk = Printed on the labels of computers.
about-external-hosts = Hosts in private networks to which sources of external deployments may redirect, beside their own.
about-hw-period = Days between two captures of the hardware.
about-invalid-uuid = UUIDs that many boards share; the computer's name is used instead.
about-notify-new-computer = Notify when a computer registers.
about-notify-change-uuid = Notify when a computer's UUID changes.
about-notify-change-name = Notify when a computer's name changes.
about-notify-change-ip = Notify when a computer's address changes.
about-page-size = Rows of a list.

## Stores and packages
stores-empty = There are no stores yet. An upload makes the store it names.
store-new = New store
store-delete-question = Delete the store { $name }?
loss-files = { $count ->
    [one] { $count } file; deployments that hold it are published without it
   *[other] { $count } files; deployments that hold some are published without them
}
loss-record = { $count ->
    [one] the record of { $name }, taken out of { $count } deployment; the file stays
   *[other] the record of { $name }, taken out of { $count } deployments; the file stays
}
packages-empty = There are no packages yet.
packages-search = File name
packages-show = Show
packages-orphan = In no deployment
packages-unregistered = Files without a record
packages-upload = Upload packages
packages-register = Register again
packages-delete-records = Delete the records
packages-delete-question = { $count ->
    [one] Delete this record?
   *[other] Delete these { $count } records?
}
package-orphan = in no deployment
package-no-record = no record
upload-known-stores = Stores there are: { $names }.
field-file = File
field-files = Files
field-packages = Packages
field-store = Store
field-uploaded = Uploaded
field-deployments = Deployments
field-replace = Replace a file of the same name
field-no-create-repo = Leave the repositories as they are
field-regular-file = Store without a record
hint-replace = Otherwise other content under a known name is refused.
hint-no-create-repo = Deployments with a replaced package keep the old one until they are published again.
hint-regular-file = The file can be fetched, but is no package for deployments.
hint-store-name = Letters, digits, - and _; it stands in addresses.
field-folder = Folder
field-replace-set = Replace a set of the same name
hint-set-name = If none is given, the name of the folder.
hint-set-files = All files below it; sub-folders are kept. Files that are no packages of the project stay plain files.
hint-upload-store = A folder of the project; a new name makes a new one.

## What was done to lists
done-status = { $count ->
    [one] The status of { $count } computer was changed.
   *[other] The status of { $count } computers was changed.
}
done-computers-deleted = { $count ->
    [one] { $count } computer was deleted.
   *[other] { $count } computers were deleted.
}
done-checked = { $count ->
    [one] { $count } was checked.
   *[other] { $count } were checked.
}
done-unchecked = { $count ->
    [one] { $count } was unchecked.
   *[other] { $count } were unchecked.
}
done-nothing-selected = Nothing was selected.
done-capture = The next synchronisation captures the hardware.
done-key-accepted = The computer may come with a new key once, within 24 hours.
done-key-refused = No new key is accepted any more.
done-registered = { $count ->
    [one] { $count } file was registered again.
   *[other] { $count } files were registered again.
}
done-records-deleted = { $count ->
    [one] { $count } record was deleted; its file stays.
   *[other] { $count } records were deleted; their files stay.
}
done-uploaded = { $count ->
    [one] { $count } file was uploaded.
   *[other] { $count } files were uploaded.
}

## Start and alerts
home-nothing-permitted = Use the menus above to reach what your account may see.
home-productive = productive computers
home-synchronised-today = computers synchronised today
home-errors = errors to check
home-faults = faults to check
home-computers-by-project = Productive computers by project
home-computers-by-status = Computers by status
home-errors-by-project = Errors to check by project
home-faults-by-definition = Faults to check by definition
home-per-day = Computers synchronised per day
home-per-hour = Computers synchronised per hour
chart-most = at most { $count }
chart-as-table = As a table
alert-synchronising-computers = Computers that are synchronising
alert-orphan-packages = Packages in no deployment
alert-unchecked-notifications = Notifications to check
alert-delayed-computers = Computers whose synchronisation is delayed
alert-unchecked-faults = Faults to check
alert-unchecked-errors = Errors to check

## Simulation
simulation-text = What the server would answer now, with the attributes of the last synchronisation. Nothing is written.
simulation-conflicts = Ordered both ways, and so removed and installed again at each synchronisation: { $names }
simulation-conflict = conflict
simulation-no-deployments = No deployment reaches this computer.
simulation-nothing = Nothing.
simulation-hardware = Hardware would be captured
why-package = Why this package, or why not
why-title = Why { $package }
why-nobody = No deployment of the project names { $package }.
effect-installs = installs { $what }
effect-removes = removes { $what }
effect-offers = offers { $what }
field-deployment = Deployment
field-by-attribute = By attribute
field-published = Published
field-effect = Effect
field-reaches = Reaches it
field-reason = Reason

## Formulas and attributes
formulas-empty = There are no formulas yet.
formula-new = New formula
formula-built-in = built in
formula-built-in-text = The server evaluates this formula itself; only its name and whether it is enabled can change.
formula-kind-normal = Normal: the output is one value
formula-kind-list = List: values separated by commas
formula-kind-right = Adds to the right: A.B.C, B.C, C
formula-kind-left = Adds to the left: A, A.B, A.B.C
formula-delete-question = Delete the formula { $name }?
loss-attributes = { $count ->
    [one] { $count } attribute, also where deployments and fault definitions name it
   *[other] { $count } attributes, also where deployments and fault definitions name them
}
field-prefix = Prefix
field-kind = Kind
field-language = Language
field-auto-add = Add unknown values by themselves
field-code = Code
hint-prefix = One to three letters or digits; attributes are called PREFIX-value.
hint-formula-enabled = A disabled formula is not sent to computers, and its values are ignored.
hint-formula-kind = How the output becomes attributes.
hint-auto-add = Otherwise a value counts only if somebody added it under Attributes.
hint-formula-code = Runs on the computer as root, 60 seconds at most; what it prints is the value, value~description to describe it.
attributes-empty = There are no attributes yet. Computers bring them along when they synchronise.
attributes-search = Attribute or description
attribute-new = New attribute
attribute-formula = Formula
attribute-not-named = Nothing names it.
attribute-delete-question = Delete the attribute { $name }?
hint-attribute-value = Exactly as the formula prints it.
field-attributes = Attributes

## Fault definitions and patterns
fault-definitions-empty = There are no fault definitions yet.
fault-definition-new = New fault definition
fault-definition-delete-question = Delete the fault definition { $name }?
faults-unchecked = { $count } to check
loss-faults = { $count ->
    [one] { $count } fault it found
   *[other] { $count } faults it found
}
target-without = without
field-target = Whom it concerns
field-faults = Faults
field-users = Accounts it concerns
hint-users = One account in a line. Without any, its faults concern everybody.
hint-fault-definition-name = Spaces become _.
hint-fault-code = Whatever it prints is a fault; no output, no fault.
patterns-text = An error in which one of these regular expressions is found needs no check. Errors that are there already stay as they are.
patterns-empty = There are no patterns yet.
pattern-new = New pattern
pattern-one = Pattern
pattern-delete-question = Delete the pattern { $name }?
field-pattern = Regular expression
hint-pattern = Found anywhere in the text of the error; \s also matches line breaks.

## What happened
ui-nothing-here = There is nothing here yet.
sync-ok = succeeded
sync-failed = a step failed
users-search = User
field-end = End
field-user = User
field-outcome = Outcome
field-new-project = New project
field-new-status = New status
field-login = User
field-more = More
field-message = Message
messages-empty = No computer is synchronising.

audit-accept-a-new-key = Accepts a new key
audit-refuse-a-new-key = Accepts no new key

## Why a deployment reaches a computer
simulation-why-included = it has { $detail }
simulation-why-excluded = it has { $detail }, which is excluded
simulation-why-not-included = it has none of the included attributes
simulation-why-not-started = it has { $detail } and starts on { $since }
simulation-why-delayed = it has { $detail }, since { $since } by the schedule
simulation-why-outside-domain = it is not in domain { $detail }
simulation-why-group = it has { $detail }, so this group is taken
simulation-why-no-group = no group of the policy fits it
simulation-by-policies = policy { $names }
simulation-delay = after { $days } business days
nav-policies = Policies
field-policy = Policy
field-priority = Priority
simulation-why-disabled = the deployment is disabled
simulation-why-other-project = it belongs to another project

ui-preview = Preview
preview-title = What would happen
preview-text = Nothing is saved yet. This is what the change would do, by what computers said at their last synchronisation.
preview-nobody = No computer would notice this change.
preview-gained = Computers reached
preview-lost = Computers that lose something
preview-unchanged = Computers unchanged
preview-bytes = To fetch in all
preview-packages = Packages
preview-no-packages = No package would be installed, upgraded or removed.
preview-effect-install = would be installed
preview-effect-upgrade = would be upgraded
preview-effect-remove = would be removed
preview-days = By day
preview-no-days = No computer would be reached.
preview-gaining = Computers that would be reached
preview-losing = Computers that would lose something
preview-more = and { $count } more
preview-confirm = { $count } computers would lose something. To save all the same, type their number.
preview-type-number = Number of computers
audit-undo-action = Undo
audit-undoing = Changes that would be undone
audit-undo = undid
audit-can-be-undone = can be undone
field-undo = Undo
field-date = Date
done-undone = { $count ->
    [one] One change was undone.
   *[other] { $count } changes were undone.
}

nav-applications = Applications
applications-empty = There are no applications yet.
application-new = New application
application-shown = As users see it
application-packages = Packages by project
application-set-icon = Set the icon
application-delete-question = Delete application { $name }?
loss-policies = { $count ->
    [one] One policy loses it.
   *[other] { $count } policies lose it.
}
hint-application-description = Markdown: *emphasis*, **strong**, lists, links. It is searched, too.
hint-application-icon = PNG, JPEG, GIF or WebP, at most 256 KiB.
level-U = User
level-A = Administrator
field-category = Category
field-level = Level
field-score = Score
field-icon = Icon
field-available-for-attributes = Available for attributes
policies-empty = There are no policies yet.
policy-new = New policy
policy-groups = Groups
policy-groups-text = The first group, by priority, that fits a computer is taken. Empty a priority to take its group away.
policy-new-group = New group
policy-delete-question = Delete policy { $name }?
hint-exclusive = What the groups that are not taken would install is removed.
field-exclusive = Exclusive
field-applications = Applications
thing-application = application
thing-policy = policy
audit-icon = changed the icon of
category-1 = Accessories
category-2 = Books
category-3 = Developers Tools
category-4 = Education
category-5 = Fonts
category-6 = Games
category-7 = Graphics
category-8 = Internet
category-9 = Medicine
category-10 = Office
category-11 = Science & Engineering
category-12 = Sound & Video
category-13 = Themes & Tweaks
category-14 = Universal Access
