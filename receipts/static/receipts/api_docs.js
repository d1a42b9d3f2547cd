"use strict";

// Runs after the bundle: both scripts are deferred, and keep their order.
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  filter: true,
  defaultModelsExpandDepth: 0,
  // A token must not outlive the page.
  persistAuthorization: false,
  // Nothing of the document is sent to anybody.
  validatorUrl: null,
});
