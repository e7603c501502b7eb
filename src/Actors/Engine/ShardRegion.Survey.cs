namespace SimplexActors.Actors.Engine;

public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect>
{
    /// <summary>
    /// Looks at everything that is in memory, each shard within a turn of its own, so that nothing has to be kept up to
    /// date only to be asked for seldom. A shard looks at some thousand entities while its commands wait.
    /// </summary>
    /// <typeparam name="TResult">What one shard finds.</typeparam>
    /// <param name="begin">Makes a result; called once per shard.</param>
    /// <param name="look">Adds an entity to its shard's result: its state, or what stayed in memory of a passive one.</param>
    /// <returns>The results of all shards, each taken at a slightly different moment.</returns>
    public async Task<IReadOnlyList<TResult>> SurveyAsync<TResult>(Func<TResult> begin, Action<TResult, TState?, object?> look)
    {
        var surveys = new Task<TResult>[_shards.Length];
        for (int i = 0; i < surveys.Length; i++)
        {
            var survey = new Survey<TResult>(begin, look);
            surveys[i] = survey.Task;
            _shards[i].Post(new Signal(SignalKind.Survey, survey));
        }

        return await Task.WhenAll(surveys);
    }

    /// <summary>One shard's part of a survey.</summary>
    private interface ISurvey
    {
        void Look(IEnumerable<object> entities);
    }

    private sealed class Survey<TResult>(Func<TResult> begin, Action<TResult, TState?, object?> look)
        : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), ISurvey
    {
        public void Look(IEnumerable<object> entities)
        {
            try
            {
                TResult result = begin();
                foreach (object known in entities)
                {
                    if (known is Entity entity)
                    {
                        look(result, entity.State, entity.Parking?.Residue);
                    }
                    else
                    {
                        look(result, null, known);
                    }
                }

                SetResult(result);
            }
            catch (Exception fault)
            {
                SetException(fault);
            }
        }
    }
}
