global using ServiceDecision = SimplexActors.Actors.Engine.Decision<
    SimplexActors.Actors.Services.ServiceState,
    SimplexActors.Actors.Services.ServiceChange,
    SimplexActors.Actors.Services.ServiceEffect>;
