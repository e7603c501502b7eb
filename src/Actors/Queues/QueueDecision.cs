global using QueueDecision = SimplexActors.Actors.Engine.Decision<
    SimplexActors.Actors.Queues.QueueState,
    SimplexActors.Actors.Queues.QueueChange,
    SimplexActors.Actors.Queues.QueueEffect>;
