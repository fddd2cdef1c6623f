"""The root of all addresses. Each journey adds its own routes here; tests enumerate them."""

from django.urls import URLPattern, URLResolver, path

from titration.accounts.urls import urlpatterns as account_urls
from titration.domain.plan_transitions import Act
from titration.views import (
    audit,
    clinic_products,
    clinic_settings,
    clinic_templates,
    entries,
    facts,
    flags,
    guidance,
    handover,
    imports,
    logs,
    patient_details,
    patients,
    plan_actions,
    plan_compare,
    plan_confirming,
    plan_exports,
    plan_redating,
    plans,
    probes,
    reviews,
    settings,
    statistics,
    symptoms,
    treatment,
    week_papers,
    worklist,
)

handler400 = "titration.views.errors.bad_request"
handler403 = "titration.views.errors.forbidden"
handler404 = "titration.views.errors.not_found"
handler500 = "titration.views.unavailable.server_error"
urlpatterns: list[URLPattern | URLResolver] = []

# Signing in, a person's own account, the people of a clinic
urlpatterns += account_urls

_PATIENT = "patients/<uuid:patient_id>/"

# Patients, their log, corrections and flags
urlpatterns += [
    path("patients/new/", patients.new_patient, name="new_patient"),
    path(_PATIENT, patients.patient, name="patient"),
    path(f"{_PATIENT}treatment/", treatment.treatment, name="treatment"),
    path(f"{_PATIENT}details/", patient_details.patient_details, name="patient_details"),
    path(f"{_PATIENT}conditions/", facts.facts, {"kind": "condition"}, name="conditions"),
    path(f"{_PATIENT}conditions/<uuid:fact_id>/end/", facts.fact_next, {"kind": "condition"}, name="condition_end"),
    path(f"{_PATIENT}medicines/", facts.facts, {"kind": "medicine"}, name="medicines"),
    path(f"{_PATIENT}medicines/<uuid:fact_id>/end/", facts.fact_next, {"kind": "medicine"}, name="medicine_end"),
    path(f"{_PATIENT}kidney/", facts.facts, {"kind": "kidney"}, name="kidney"),
    path(f"{_PATIENT}interruptions/", facts.facts, {"kind": "interruption"}, name="interruptions"),
    path(
        f"{_PATIENT}interruptions/<uuid:fact_id>/note/",
        facts.fact_next,
        {"kind": "interruption"},
        name="interruption_note",
    ),
    path(f"{_PATIENT}supply/", facts.facts, {"kind": "supply"}, name="supply"),
    path(f"{_PATIENT}hand-over/", handover.hand_over, name="hand_over"),
    path(f"{_PATIENT}reviews/", reviews.reviews, name="reviews"),
    path(f"{_PATIENT}reviews/<uuid:review_id>/done/", reviews.review_done, name="review_done"),
    path(f"{_PATIENT}reviews/<uuid:review_id>/error/", reviews.review_in_error, name="review_in_error"),
    path(f"{_PATIENT}symptoms/", symptoms.symptoms, name="symptoms"),
    path(f"{_PATIENT}symptoms/<uuid:entry_id>/end/", symptoms.symptom_end, name="symptom_end"),
    path(f"{_PATIENT}log/dose/preview/", logs.preview_dose, name="preview_dose"),
    path(f"{_PATIENT}log/dose/", logs.log, {"kind": "dose"}, name="log_dose"),
    path(f"{_PATIENT}log/intake/", logs.log, {"kind": "intake"}, name="log_intake"),
    path(f"{_PATIENT}log/sedation/", logs.log, {"kind": "sedation"}, name="log_sedation"),
    path(f"{_PATIENT}log/effects/", logs.log, {"kind": "effects"}, name="log_effects"),
    path(f"{_PATIENT}log/signs/", logs.log, {"kind": "signs"}, name="log_signs"),
    path(f"{_PATIENT}log/response/", logs.log, {"kind": "response"}, name="log_response"),
    path(f"{_PATIENT}entries/<slug:kind>/<uuid:entry_id>/error/", entries.entry_in_error, name="entry_in_error"),
    path(f"{_PATIENT}flags/<uuid:flag_id>/", flags.flag, name="flag"),
    path(f"{_PATIENT}flags/<uuid:flag_id>/accept/", flags.accept, name="accept_flag"),
    path(f"{_PATIENT}flags/<uuid:flag_id>/contact/", flags.contact, name="flag_contact"),
]

# Worklist, guidance, planner
urlpatterns += [
    path("", worklist.worklist, name="worklist"),
    path("find/", worklist.find, name="find_patients"),
    path("guidance/", guidance.guidance, name="guidance"),
    path("guidance/<slug:code>/", guidance.rule, name="rule"),
    path(f"{_PATIENT}plans/new/", plans.plan_new, name="plan_new"),
    path(f"{_PATIENT}plans/draw/", plans.plan_draw, name="plan_draw"),
    path(f"{_PATIENT}plans/compare/", plan_compare.plan_compare, name="plan_compare"),
    path(f"{_PATIENT}plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path(f"{_PATIENT}plans/<uuid:plan_id>/sign/", plan_actions.plan_sign, name="plan_sign"),
    path(f"{_PATIENT}plans/<uuid:plan_id>/hold/", plan_actions.plan_hold, name="plan_hold"),
    path(f"{_PATIENT}plans/<uuid:plan_id>/resume/", plan_redating.plan_redate, {"act": Act.RESUME}, name="plan_resume"),
    path(
        f"{_PATIENT}plans/<uuid:plan_id>/slow-down/",
        plan_redating.plan_redate,
        {"act": Act.SLOW_DOWN},
        name="plan_slow_down",
    ),
    path(
        f"{_PATIENT}plans/<uuid:plan_id>/step-back/",
        plan_redating.plan_redate,
        {"act": Act.STEP_BACK},
        name="plan_step_back",
    ),
    path(f"{_PATIENT}plans/<uuid:plan_id>/skip/", plan_redating.plan_redate, {"act": Act.SKIP}, name="plan_skip"),
    path(f"{_PATIENT}plans/<uuid:plan_id>/stop/", plan_actions.plan_stop, name="plan_stop"),
    path(
        f"{_PATIENT}plans/<uuid:plan_id>/steps/<uuid:step_id>/confirm/",
        plan_confirming.plan_step_confirm,
        name="plan_step_confirm",
    ),
    path(f"{_PATIENT}plans/<uuid:plan_id>/take-home/", plan_exports.plan_take_home, name="plan_take_home"),
    path(f"{_PATIENT}plans/<uuid:plan_id>/sheet/", plan_exports.plan_sheet, name="plan_sheet"),
    path(
        f"{_PATIENT}plans/<uuid:plan_id>/<slug:variant>.<slug:suffix>",
        plan_exports.plan_export,
        name="plan_export",
    ),
]

# The clinic: how its rules fared, and what its administrator sets
urlpatterns += [
    path("statistics/", statistics.statistics, name="statistics"),
    path("settings/clinic/", clinic_settings.clinic_settings, name="clinic_settings"),
    path("settings/clinic/preview/", clinic_settings.clinic_preview, name="clinic_preview"),
    path("settings/reasons/", settings.reasons, name="reasons"),
    path("settings/reasons/<slug:code>/rename/", settings.reason_rename, name="reason_rename"),
    path("settings/reasons/<slug:code>/retire/", settings.reason_retire, name="reason_retire"),
    path("settings/templates/", clinic_templates.templates, name="templates"),
    path("settings/templates/new/", clinic_templates.template_new, name="template_new"),
    path("settings/templates/<uuid:template_id>/", clinic_templates.template, name="template"),
    path("settings/templates/<uuid:template_id>/retire/", clinic_templates.template_retire, name="template_retire"),
    path(
        "settings/templates/<uuid:template_id>/bring-back/",
        clinic_templates.template_bring_back,
        name="template_bring_back",
    ),
    path("settings/products/", clinic_products.products, name="products"),
    path("settings/products/add/", clinic_products.product_add, name="product_add"),
    path("settings/products/<slug:code>/retire/", clinic_products.product_retire, name="product_retire"),
    path("settings/products/<slug:code>/bring-back/", clinic_products.product_bring_back, name="product_bring_back"),
]

# The audit
urlpatterns += [
    path("audit/", audit.audit, name="audit"),
    path("audit/export.csv", audit.audit_export, name="audit_export"),
]

# A history out of a file
urlpatterns += [
    path(f"{_PATIENT}import/", imports.history_import, name="history_import"),
    path(f"{_PATIENT}import/<uuid:import_id>/", imports.import_preview, name="import_preview"),
    path(f"{_PATIENT}import/<uuid:import_id>/undo/", imports.import_undo, name="import_undo"),
]

# For whoever runs the server
urlpatterns += [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]

# The steps of the week for the whole clinic
urlpatterns += [
    path("week/", week_papers.week, name="week"),
    path("week/<uuid:paper_id>/", week_papers.week_progress, name="week_paper"),
    path("week/<uuid:paper_id>/fetch/", week_papers.week_fetch, name="week_fetch"),
]
