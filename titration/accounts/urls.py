"""The addresses of signing in and of a person's own account. Of allauth's pages those alone that are used here.

allauth asks for its pages by its own names, so sign-in and sign-out have two names each.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, path, re_path

from titration.views import account as own
from titration.views import people, sign_in

_PEOPLE = "settings/people/"

urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("sign-in/again/", own.signed_in_again, name="signed_in_again"),
    path("sign-in/again/token/", own.sign_in_token, name="sign_in_token"),
    path("sign-in/kept/<uuid:kept_id>/", own.kept, name="kept_form"),
    path("sign-in/second-factor/", second_factor.authenticate, name="mfa_authenticate"),
    path("join/<str:token>/", own.join, name="join"),
]

# A forgotten password
urlpatterns += [
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/new/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path(".well-known/change-password", sign_in.well_known_change, name="well_known_change_password"),
]

# A person's own account
urlpatterns += [
    path("account/", own.account, name="mfa_index"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/sessions/", own.sessions, name="sessions"),
    path("account/confirm/password/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

# The people of the clinic
urlpatterns += [
    path(_PEOPLE, people.people, name="people"),
    path(f"{_PEOPLE}<uuid:member_id>/", people.member, name="member"),
    path(f"{_PEOPLE}<uuid:member_id>/disable/", people.member_act, {"act": "disable"}, name="member_disable"),
    path(f"{_PEOPLE}<uuid:member_id>/enable/", people.member_act, {"act": "enable"}, name="member_enable"),
    path(
        f"{_PEOPLE}<uuid:member_id>/second-factor/",
        people.member_act,
        {"act": "remove_second_factor"},
        name="member_second_factor",
    ),
    path(f"{_PEOPLE}invitations/<uuid:invitation_id>/", people.invitation_revoke, name="invitation_revoke"),
]
