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
accounts-empty = There are no accounts.
account-new = New account
account-demo = known password
account-password = Set another password
account-set-password = Set the password
tokens-empty = There are no tokens.
token-new = New token
token-create = Create
token-created = Copy the token now: it is shown this once.
token-revoke = Revoke
token-revoke-question = Revoke the token { $name }? Whatever uses it stops working.
audit-empty = No changes match.
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
reason-account-and-password-do-not-match = Account and password do not match.
reason-does-not-match = That is not the current password.
reason-a-name-is-needed = A name is needed.
reason-at-most-50-characters = At most 50 characters.
reason-letters-digits-and-only-beginning-with-a-letter-or-digit = Letters, digits and . _ + - only, beginning with a letter or digit.
reason-at-least-10-characters = At least 10 characters.
reason-you-cannot-lock-yourself-out = You cannot lock yourself out.
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
