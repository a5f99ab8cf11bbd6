from django.urls import path

from accounts import views

app_name = "accounts"
person_act = views.PersonAct.as_view()
urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("login/second/", views.SecondStep.as_view(), name="second_step"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("alive/", views.alive, name="alive"),
    path("resume/<slug:key>/", views.resume, name="resume"),
    path("me/", views.me, name="me"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("factors/", views.factors, name="factors"),
    path("factors/app/", views.BindApp.as_view(), name="factor_app"),
    path("factors/passkey/", views.BindPasskey.as_view(), name="factor_passkey"),
    path("factors/codes/", views.RenewCodes.as_view(), name="factor_codes"),
    path("factors/<int:pk>/drop/", views.DropFactor.as_view(), name="factor_drop"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.token_new, name="token_new"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("sessions/", views.open_sessions, name="sessions"),
    path("sessions/end/", views.session_end, name="session_end"),
    path("sessions/end-all/", views.own_end_access, name="own_end_access"),
    path("people/", views.people, name="people"),
    path("people/new/", views.person_create, name="person_create"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/edit/", person_act, {"act": "edit"}, name="person_edit"),
    path("people/<int:pk>/password/", person_act, {"act": "reset_password"}, name="person_password"),
    path("people/<int:pk>/factor/", person_act, {"act": "reset_factor"}, name="person_factor"),
    path("people/<int:pk>/stop/", person_act, {"act": "deactivate"}, name="person_stop"),
    path("people/<int:pk>/grant/", person_act, {"act": "grant"}, name="person_grant"),
    path("people/<int:pk>/end-access/", person_act, {"act": "end_access"}, name="person_end_access"),
    path("people/<int:pk>/tokens/<int:token>/revoke/", views.person_token_revoke, name="person_token_revoke"),
    path("units/", views.units, name="units"),
    path("units/<int:pk>/", views.UnitPage.as_view(), name="unit"),
    path("units/<int:pk>/<slug:act>/", views.UnitAct.as_view(), name="unit_act"),
    path("events/", views.account_events, name="account_events"),
    path("events/sign-ins/", views.sign_ins, name="sign_ins"),
    path("events/units/", views.unit_events, name="unit_events"),
    path("events/verifications/", views.verifications, name="verifications"),
    path("events/verifications/new/", views.verify, name="verify"),
]
